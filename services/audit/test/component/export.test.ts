import { createHash, randomUUID } from 'node:crypto';

import { ApiExportedAuditRecord, RecordAction } from '@quittance/contracts';
import { type Permission } from '@quittance/kernel';
import { loadConfig } from '@quittance/runtime';
import { type RunningService } from '@quittance/service';
import { makeServiceGround, type ServiceGround, waitFor } from '@quittance/testkit';
import canonicalize from 'canonicalize';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

import { auditConfig, buildService } from '../../src/service.ts';

const Rows = z.array(z.record(z.string(), z.string()));

describe('exporting the audit trail', () => {
  const account = `acc_${randomUUID()}`;
  const ids = Array.from({ length: 5 }, (_, n) => `aud_${account}_${n}`);
  let ground: ServiceGround;
  let service: RunningService;

  before(async () => {
    ground = await makeServiceGround('audit');
    service = buildService({ ...ground, config: loadConfig(auditConfig, ground.env) });
    await service.start();
    for (const [n, recordId] of ids.entries()) {
      const data = {
        recordId,
        action: 'coupon.created',
        subject: { type: 'coupon', id: `cpn_${n}` },
        accountId: account,
        result: 'succeeded' as const,
        // What a spreadsheet would run, and what a table would break at.
        reason:
          ['=HYPERLINK("http://192.0.2.1")', 'with "quotes", a comma\r\nand a line', 'قسيمة', null, '+1'][n] ?? null,
        // The last two share an instant: the id decides.
        occurredAt: `2026-03-02T10:00:0${Math.min(n, 3)}.000Z`,
        requestId: 'req_1',
        sourceIp: '192.0.2.7',
        count: 1,
        payload: { after: { code: `SPRING${n}`, name: 'عرض' } },
      };
      await ground.handled(await ground.send(RecordAction, { id: recordId, data }));
    }
    const sealed = 'SELECT 1 FROM audit_seals WHERE record_id = ANY ($1)';
    await waitFor(async () => (await ground.owner.query(sealed, [ids])).rowCount === ids.length, {
      what: 'every record to be sealed',
    });
  });
  after(async () => {
    await service.stop();
    await ground.end();
  });

  const get = async (path: string, permissions: readonly Permission[] = ['billing.read']) => {
    const token = await ground.tokenFor({ permissions });
    const response = await fetch(`http://127.0.0.1:${service.port()}${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
  };
  const exportOf = (query: Readonly<Record<string, string>>) =>
    get(`/v1/audit/export?${new URLSearchParams({ account, ...query }).toString()}`);
  const recordsOf = (bytes: Buffer) =>
    bytes
      .toString()
      .split('\n')
      .slice(0, -1)
      .map((line) => ApiExportedAuditRecord.parse(JSON.parse(line)));

  it('is a table that a spreadsheet opens, whatever the texts hold', async () => {
    const { status, headers, bytes } = await exportOf({});

    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.equal('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).to.match(/^attachment; filename="audit-\d{8}T\d{6}Z\.csv"$/);
    expect(headers.get('link')).to.equal(null);
    expect([...bytes.subarray(0, 3)]).to.deep.equal([0xef, 0xbb, 0xbf]);
    const rows = Rows.parse(parse(bytes, { bom: true, columns: true }));
    expect(rows.map(({ id }) => id)).to.deep.equal(ids);
    expect(rows.map(({ reason }) => reason)).to.deep.equal([
      '\'=HYPERLINK("http://192.0.2.1")',
      'with "quotes", a comma\r\nand a line',
      'قسيمة',
      '',
      "'+1",
    ]);
    expect(rows[0]).to.include({
      occurredAt: '2026-03-02T10:00:00.000Z',
      service: 'gateway',
      action: 'coupon.created',
      subjectType: 'coupon',
      subjectId: 'cpn_0',
      accountId: account,
      result: 'succeeded',
      count: '1',
      payload: '{"after":{"code":"SPRING0","name":"عرض"}}',
    });
  });

  it('is a line a record for programs, each of which proves its hash', async () => {
    const { headers, bytes } = await exportOf({ format: 'ndjson' });

    expect(headers.get('content-type')).to.equal('application/x-ndjson');
    const records = recordsOf(bytes);
    expect(records.map(({ id }) => id)).to.deep.equal(ids);
    const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
    for (const { sequence, hash, prevHash, payload, ...core } of records) {
      expect(sequence).to.be.a('number');
      expect(sha256(String(canonicalize(payload)))).to.equal(core.payloadHash);
      expect(sha256(`${prevHash}\n${canonicalize(core)}`)).to.equal(hash);
    }
  });

  it('goes on in the next file where there is more, with the same question', async () => {
    const found: string[] = [];
    let path: string | undefined = `/v1/audit/export?account=${account}&format=ndjson&limit=2`;
    const files: number[] = [];
    while (path !== undefined) {
      const { headers, bytes } = await get(path);
      const records = recordsOf(bytes);
      files.push(records.length);
      found.push(...records.map(({ id }) => id));
      path = /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
    }

    expect(files).to.deep.equal([2, 2, 1]);
    expect(found).to.deep.equal(ids);
  });

  it('has its heads and nothing else where nothing is found', async () => {
    const table = await exportOf({ action: 'never.done' });
    const lines = await exportOf({ action: 'never.done', format: 'ndjson' });

    expect(table.bytes.toString().trimEnd().split('\r\n')).to.have.length(1);
    expect(table.bytes.toString()).to.include('sequence,occurredAt,recordedAt,');
    expect(lines.bytes.toString()).to.equal('');
  });

  it('is recorded itself, with what was asked for and how much was given', async () => {
    await exportOf({ result: 'succeeded', from: '2026-03-02T10:00:01.000Z' });

    const [told] = (await ground.sent('audit.record-action'))
      .map(({ data }) => data)
      .filter((data) => JSON.stringify(data).includes('10:00:01.000Z'));
    expect(told).to.deep.include({ action: 'audit.exported', result: 'succeeded' });
    expect(told?.['payload']).to.deep.equal({
      after: {
        format: 'csv',
        accountId: account,
        result: 'succeeded',
        from: '2026-03-02T10:00:01.000Z',
        records: 4,
        first: ids[1],
        last: ids[4],
      },
    });
  });

  it('is for those who may read, and answers only what the contract says', async () => {
    const stranger = await get('/v1/audit/export', ['own.read']);
    const tooMany = await exportOf({ limit: '10001' });
    const odd = await exportOf({ format: 'xlsx' });

    expect(stranger.status).to.equal(403);
    for (const { status, bytes } of [tooMany, odd]) {
      expect(status).to.equal(400);
      expect(JSON.parse(bytes.toString())).to.include({ code: 'platform.invalid_request' });
    }
  });
});
