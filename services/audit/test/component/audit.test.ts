import { randomUUID } from 'node:crypto';

import { ListAuditRecords, RecordAction, VerifyAuditChain } from '@quittance/contracts';
import { must } from '@quittance/kernel';
import { loadConfig } from '@quittance/runtime';
import { type RunningService } from '@quittance/service';
import { makeServiceGround, type ServiceGround, waitFor } from '@quittance/testkit';
import { expect } from 'chai';
import { type z } from 'zod';

import { auditConfig, buildService } from '../../src/service.ts';

type Told = z.output<typeof RecordAction.data>;

const action = (change: Partial<Told> = {}): Told => ({
  recordId: `aud_${randomUUID()}`,
  action: 'invoice.issued',
  subject: { type: 'invoice', id: 'inv_1' },
  accountId: 'acc_1',
  result: 'succeeded',
  reason: null,
  occurredAt: '2026-03-02T09:00:00.000Z',
  requestId: 'req_1',
  sourceIp: '192.0.2.7',
  count: 1,
  payload: { after: { number: 'Q-2026-0001' } },
  ...change,
});

describe('audit', () => {
  let ground: ServiceGround;
  let services: readonly RunningService[];

  before(async () => {
    ground = await makeServiceGround('audit');
    const config = loadConfig(auditConfig, ground.env);
    services = [buildService({ ...ground, config }), buildService({ ...ground, config })];
    await Promise.all(services.map((service) => service.start()));
  });
  after(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await ground.end();
  });

  const get = async (path: string) => {
    const token = await ground.tokenFor({ permissions: ['billing.read'] });
    const port = must(services[0], 'a service').port();
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${token}` } });
    const answer: unknown = await response.json();
    return { status: response.status, answer };
  };
  const list = async (query: Readonly<Record<string, string>>) => {
    const { answer } = await get(`/v1/audit?${new URLSearchParams(query).toString()}`);
    return ListAuditRecords.answer.parse(answer);
  };
  const verify = async (from = 1) => VerifyAuditChain.answer.parse((await get(`/v1/audit/verify?from=${from}`)).answer);
  const record = async (told: Told, envelope: { id?: string; correlationId?: string } = {}) => {
    await ground.handled(await ground.send(RecordAction, { id: told.recordId, ...envelope, data: told }));
    return told.recordId;
  };
  const sealed = (recordIds: readonly string[]) =>
    waitFor(
      async () => {
        const sql = 'SELECT 1 FROM audit_seals WHERE record_id = ANY ($1)';
        return (await ground.owner.query(sql, [recordIds])).rowCount === recordIds.length;
      },
      { what: 'every record to be sealed' },
    );
  const countOf = async (recordId: string) =>
    (await ground.owner.query('SELECT 1 FROM audit_records WHERE id = $1', [recordId])).rowCount;

  describe('recording an action', () => {
    it('stores the first delivery, shows it at once and seals it', async () => {
      const correlationId = `chk_${randomUUID()}`;

      const id = await record(action(), { correlationId });
      await sealed([id]);

      const { data } = await list({ correlation: correlationId });
      expect(data).to.have.length(1);
      expect(data[0]).to.deep.include({
        id,
        service: 'gateway',
        action: 'invoice.issued',
        subject: { type: 'invoice', id: 'inv_1' },
        actor: { kind: 'system', id: 'test' },
        result: 'succeeded',
        correlationId,
        payload: { after: { number: 'Q-2026-0001' } },
        occurredAt: '2026-03-02T09:00:00.000Z',
      });
      expect(data[0]?.sequence).to.be.a('number');
      expect(await verify()).to.include({ valid: true, unsealed: 0, firstProblem: null });
    });

    it('stores a redelivered record once, also under another message id', async () => {
      const told = action();
      await record(told);

      await ground.send(RecordAction, { id: told.recordId, data: told });
      await record({ ...told, action: 'invoice.paid' }, { id: `again:${told.recordId}` });

      expect(await countOf(told.recordId)).to.equal(1);
      expect(await ground.sent()).to.deep.equal([]);
    });

    it('puts a message it cannot read among the dead letters', async () => {
      const id = `test:${randomUUID()}`;

      await ground.send(RecordAction, { id, data: action({ count: 0 }) });

      const letter = await waitFor(
        async () => {
          const { answer } = await get('/internal/dead-letters');
          return JSON.stringify(answer).includes(id) && answer;
        },
        { what: 'the dead letter' },
      );
      expect(JSON.stringify(letter)).to.include('data.count');
    });

    it('stores it after the database failed for a while', async () => {
      const told = action();
      await ground.owner.query('ALTER TABLE audit_payloads RENAME TO audit_payloads_away');
      await ground.send(RecordAction, { id: told.recordId, data: told });
      await waitFor(async () => (await ground.transport.backlog()).delayed > 0, { what: 'a delayed retry' });
      expect(await countOf(told.recordId)).to.equal(0);

      await ground.owner.query('ALTER TABLE audit_payloads_away RENAME TO audit_payloads');

      await ground.handled(told.recordId);
      expect(await countOf(told.recordId)).to.equal(1);
    });
  });

  describe('listing', () => {
    const correlationId = `chk_${randomUUID()}`;
    let ids: readonly string[];
    before(async () => {
      const tellings = Array.from({ length: 5 }, (_, n) =>
        action({
          recordId: `aud_${correlationId}_${n}`,
          subject: { type: 'order', id: `ord_${correlationId}` },
          result: n === 3 ? 'denied' : 'succeeded',
          // The last two share an instant: the id decides.
          occurredAt: `2026-03-02T10:00:0${Math.min(n, 3)}.000Z`,
        }),
      );
      ids = await Promise.all(tellings.toReversed().map((told) => record(told, { correlationId })));
      ids = ids.toReversed();
    });
    const idsOf = (data: readonly { readonly id: string }[]) => data.map(({ id }) => id);

    it('tells one purchase oldest first, in pages', async () => {
      const first = await list({ correlation: correlationId, limit: '3' });
      const second = await list({ correlation: correlationId, limit: '3', after: first.nextCursor ?? '' });

      expect([...idsOf(first.data), ...idsOf(second.data)]).to.deep.equal(ids);
      expect(second.nextCursor).to.equal(null);
    });

    it('tells everything else newest first, by what is asked for', async () => {
      const subject = `ord_${correlationId}`;

      expect(idsOf((await list({ subject })).data)).to.deep.equal(ids.toReversed());
      expect(idsOf((await list({ subject, result: 'denied' })).data)).to.deep.equal([ids[3]]);
      expect(
        idsOf((await list({ subject, from: '2026-03-02T10:00:01.000Z', to: '2026-03-02T10:00:02.000Z' })).data),
      ).to.deep.equal([ids[1]]);
      expect((await list({ subject, actor: 'nobody' })).data).to.deep.equal([]);
      expect((await list({ subject, account: 'acc_2' })).data).to.deep.equal([]);
      expect((await list({ subject, action: 'invoice.issued' })).data).to.have.length(5);
    });

    it('refuses a cursor that is none', async () => {
      const { status, answer } = await get('/v1/audit?after=nonsense');

      expect(status).to.equal(400);
      expect(answer).to.include({ code: 'platform.invalid_cursor' });
    });
  });

  describe('the chain', () => {
    it('has no gap when many records arrive at two replicas at once', async () => {
      // More than two batches of the sealer, and each record older than the one that was sent before it.
      const told = Array.from({ length: 1200 }, () => action()).toReversed();

      await Promise.all(told.map((one) => ground.send(RecordAction, { id: one.recordId, data: one })));
      await sealed(told.map((one) => one.recordId));

      const count = await ground.owner.query<{ seals: string; last: string }>(
        'SELECT count(*) AS seals, max(sequence) AS last FROM audit_seals',
      );
      expect(count.rows[0]?.seals).to.equal(count.rows[0]?.last);
      const whole = await verify();
      expect(whole).to.include({ valid: true, verifiedUpTo: Number(count.rows[0]?.last), unsealed: 0 });
      expect(await verify(whole.verifiedUpTo - 9)).to.include({ valid: true, checked: 10, head: whole.head });
      // Up to date is no break, and a number that never was is a wrong question.
      expect(await verify(whole.verifiedUpTo + 1)).to.include({ valid: true, checked: 0 });
      const beyond = await get(`/v1/audit/verify?from=${whole.verifiedUpTo + 2}`);
      expect(beyond.status).to.equal(400);
      expect(beyond.answer).to.deep.include({
        code: 'audit.beyond_the_chain',
        details: { head: whole.verifiedUpTo },
      });
    });

    it('still holds when a payload was erased', async () => {
      const id = await record(action());
      await sealed([id]);

      await ground.owner.query('DELETE FROM audit_payloads WHERE record_id = $1', [id]);

      expect(await verify()).to.include({ valid: true });
    });

    it('cannot be changed by the service, nor by the owner of its tables', async () => {
      const attempts = [
        "UPDATE audit_records SET reason = 'x'",
        'DELETE FROM audit_seals',
        'TRUNCATE audit_records CASCADE',
      ];
      const client = await ground.owner.connect();
      const refusal = (sql: string): Promise<unknown> => client.query(sql).catch((thrown: unknown) => thrown);

      for (const attempt of [...attempts, "UPDATE audit_payloads SET payload = '{}'"]) {
        expect(await refusal(attempt), attempt).to.include({ code: '42501' });
      }
      await client.query(`SET ROLE ${new URL(ground.env['DATABASE_URL'] ?? '').username}`);
      for (const attempt of attempts) {
        expect(await refusal(attempt), attempt).to.deep.include({ code: '42501', routine: 'aclcheck_error' });
      }
      client.release(true);
    });

    /** A superuser with the triggers off, undone afterwards: verification alone can tell. */
    const tampered = async (id: string, change: string, undo: string): Promise<string> => {
      const client = await ground.owner.connect();
      await client.query('SET session_replication_role = replica');
      await client.query(change, [id]);
      const found = await verify();
      await client.query(undo, [id]);
      await client.query('RESET session_replication_role');
      client.release();
      expect(found.valid, change).to.equal(false);
      expect(await verify(), undo).to.include({ valid: true });
      const problem = must(found.firstProblem, 'a problem');
      expect(found.verifiedUpTo).to.be.lessThan(problem.sequence);
      return problem.problem;
    };

    it('gives away every direct change of a record, a payload or a seal', async () => {
      const [id, next] = [await record(action()), await record(action())];
      await sealed([id, next]);

      const recordChanges = [
        ...['action', 'subject_id', 'account_id', 'actor_id', 'source_ip', 'payload_hash', 'correlation_id'].map(
          (column) => [`${column} = ${column} || 'x'`, `${column} = left(${column}, -1)`],
        ),
        ["result = 'denied'", "result = 'succeeded'"],
        ['count = count + 1', 'count = count - 1'],
        ["occurred_at = occurred_at - interval '1 day'", "occurred_at = occurred_at + interval '1 day'"],
      ];
      for (const [change, undo] of recordChanges) {
        const [to, back] = [change, undo].map((set) => `UPDATE audit_records SET ${set} WHERE id = $1`);
        expect(await tampered(id, to ?? '', back ?? '')).to.equal('the record is not what was sealed');
      }
      const payload = await tampered(
        id,
        `UPDATE audit_payloads SET payload = payload || '{"before": 1}' WHERE record_id = $1`,
        `UPDATE audit_payloads SET payload = payload - 'before' WHERE record_id = $1`,
      );
      const removed = await tampered(
        id,
        `UPDATE audit_records SET id = 'away' WHERE id = $1`,
        `UPDATE audit_records SET id = $1 WHERE id = 'away'`,
      );
      const moved = await tampered(
        id,
        'UPDATE audit_seals SET sequence = sequence + 1000000 WHERE record_id = $1',
        'UPDATE audit_seals SET sequence = sequence - 1000000 WHERE record_id = $1',
      );
      const resealed = await tampered(
        id,
        `UPDATE audit_seals SET prev_hash = 'x' || prev_hash WHERE record_id = $1`,
        'UPDATE audit_seals SET prev_hash = substr(prev_hash, 2) WHERE record_id = $1',
      );
      expect(payload).to.equal('the payload is not what was sealed');
      expect(removed).to.equal('the sealed record is gone');
      expect(moved).to.match(/^the chain has a gap/);
      expect(resealed).to.equal('this seal does not follow the one before it');
    });

    it('counts a record that was slipped past the sealer', async () => {
      await ground.owner.query(
        `INSERT INTO audit_records SELECT 'aud_slipped', service, action, subject_type, subject_id, account_id, actor_kind,
           actor_id, result, reason, count, correlation_id, request_id, source_ip, payload_hash, occurred_at,
           recorded_at - interval '1 hour' FROM audit_records LIMIT 1`,
      );

      expect(await verify()).to.include({ unsealed: 1 });
    });
  });
});
