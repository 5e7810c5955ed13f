import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { makeForgetAbsences } from '../../src/jobs/forget-absences.ts';
import { makeAbsences } from '../../src/persistence/absences.ts';
import { accountEntitlements, startGateway } from '../start-gateway.ts';

const ORDERS = [
  [1, 2, 3],
  [1, 3, 2],
  [2, 1, 3],
  [2, 3, 1],
  [3, 1, 2],
  [3, 2, 1],
] as const;

describe('the gateway’s entitlement answers', () => {
  let gateway: Awaited<ReturnType<typeof startGateway>>;
  const asked = () => gateway.subscription.received.length;

  before(async () => {
    gateway = await startGateway();
  });
  after(() => gateway.stop());
  beforeEach(async () => {
    gateway.subscription.answers(() => null);
    await gateway.beat();
  });

  it('are the same for every order of revisions, also delivered twice', async () => {
    const before = asked();
    for (const [number, order] of ORDERS.entries()) {
      for (const revision of [...order, order[0]]) {
        await gateway.tell(`order-${number}`, revision, { planKey: `plan-${revision}` });
      }

      const { answer } = await gateway.check(`order-${number}`, 'channels');

      expect(answer).to.include({ allowed: true, reason: 'entitled', plan: 'plan-3', limit: 5, revision: 3 });
    }
    expect(asked()).to.equal(before);
  });

  it('change as soon as an event is handled, also when they were answered from memory', async () => {
    await gateway.tell('changing', 1);
    await gateway.check('changing');
    const fromMemory = await gateway.check('changing');

    await gateway.tell('changing', 2, { status: 'suspended' });
    const after = await waitFor(
      async () => {
        const { answer } = await gateway.check('changing');
        return answer?.revision === 2 ? answer : null;
      },
      { what: 'the suspension to be answered' },
    );

    expect(fromMemory.answer).to.include({ allowed: true });
    expect(after).to.include({ allowed: false, reason: 'suspended' });
  });

  it('end when access ends by business time, and asOf tells how current they are', async () => {
    const endsAt = new Date(gateway.ground.clock.now().getTime() + 3_600_000);
    await gateway.tell('ending', 1, { accessUntil: endsAt.toISOString() });

    const before = await gateway.check('ending');
    gateway.ground.clock.set(endsAt);
    const after = await gateway.check('ending');

    expect(before.answer).to.include({ allowed: true });
    expect(after.answer).to.include({ allowed: false, reason: 'access_ended' });
    expect(Date.parse(after.answer?.asOf ?? '')).to.be.closeTo(Date.now(), 20_000);
  });

  it('read an account nobody told of through once, and remember that it has nothing', async () => {
    gateway.subscription.answers(() => ({ status: 200, json: accountEntitlements('nobody', []) }));
    const before = asked();

    const first = await gateway.check('nobody');
    const second = await gateway.check('nobody');
    await gateway.tell('nobody', 7);
    const told = await waitFor(async () => (await gateway.check('nobody')).answer?.revision === 7, {
      what: 'the new document',
    });

    expect(first.answer).to.include({ allowed: false, reason: 'no_subscription' });
    expect(second.answer).to.include({ allowed: false, reason: 'no_subscription' });
    expect(told).to.equal(true);
    expect(asked() - before).to.equal(1);
  });

  it('forget after a day that an account had nothing, and never a document', async () => {
    gateway.subscription.answers(() => ({ status: 200, json: accountEntitlements('tried-once', []) }));
    await gateway.check('tried-once');
    await gateway.tell('sold-to', 1);
    const { owner, logger } = gateway.ground;
    const remembered = async (): Promise<readonly string[]> => {
      const { rows } = await owner.query<{ account_id: string }>(
        "SELECT account_id FROM entitlement_documents WHERE account_id IN ('tried-once', 'sold-to') ORDER BY 1",
      );
      return rows.map((row) => row.account_id);
    };
    const forget = async (hours: number): Promise<void> => {
      const wallClock = { nowMs: () => Date.now() + hours * 3_600_000 };
      const job = makeForgetAbsences({ absences: makeAbsences({ pool: owner }), wallClock, logger });
      job.start();
      await waitFor(() => Promise.resolve(!job.busy()), { what: 'the job to rest' });
      await job.stop();
    };

    await forget(23);
    const soon = await remembered();
    await forget(25);

    expect(soon).to.deep.equal(['sold-to', 'tried-once']);
    expect(await remembered()).to.deep.equal(['sold-to']);
  });

  it('ask as the gateway, with an internal token that subscription can verify', async () => {
    gateway.subscription.answers(() => ({ status: 200, json: accountEntitlements('fresh', [{ revision: 4 }]) }));

    const { answer } = await gateway.check('fresh', 'channels');

    const request = gateway.subscription.received.at(-1);
    expect(answer).to.include({ allowed: true, revision: 4 });
    expect(request?.url).to.equal('/v1/accounts/fresh/entitlements');
    expect(request?.headers.authorization)
      .to.match(/^Bearer /)
      .and.not.contain(gateway.tokens.service);
  });

  context('when subscription has not beaten for 60 s', () => {
    const makeStale = async () => {
      await gateway.ground.owner.query(`UPDATE subscription_beat SET beat_at = $1`, [new Date(Date.now() - 61_000)]);
    };

    it('are read through; with subscription down they are unknown, with asOf; with a beat they are back', async () => {
      await gateway.tell('stale', 3);
      await gateway.check('stale');
      gateway.subscription.answers(() => ({ status: 200, json: accountEntitlements('stale', [{ revision: 9 }]) }));
      await makeStale();

      const through = await waitFor(
        async () => {
          const { answer } = await gateway.check('stale');
          return answer?.revision === 9 ? answer : null;
        },
        { what: 'the stale answer to be read through' },
      );
      gateway.subscription.answers(() => null);
      const unknown = await gateway.check('stale');
      await gateway.beat();
      const back = await waitFor(async () => (await gateway.check('stale')).answer, {
        what: 'the projection to be believed',
      });

      expect(through).to.include({ allowed: true });
      expect(unknown.status).to.equal(503);
      expect(unknown.problem?.code).to.equal('entitlements.unknown');
      expect(Date.parse(String(unknown.problem?.details?.['asOf']))).to.be.closeTo(Date.now() - 61_000, 20_000);
      expect(unknown.headers.get('retry-after')).to.match(/^\d+$/);
      expect(back).to.include({ allowed: true, revision: 9 });
    });

    it('are not made fresh by a late beat out of a backlog', async () => {
      await gateway.tell('backlog', 1);
      await gateway.ground.owner.query('DELETE FROM subscription_beat');
      await gateway.beat(new Date(Date.now() - 90_000));

      const { status } = await waitFor(
        async () => {
          const answer = await gateway.check('backlog');
          return answer.status === 503 ? answer : null;
        },
        { what: 'the answer to be unknown' },
      );

      expect(status).to.equal(503);
    });
  });

  it('stay right when the LISTEN connection is cut', async () => {
    await gateway.tell('cut', 1);
    await gateway.check('cut');
    await gateway.ground.owner.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()`,
    );

    await gateway.ground.owner.query(
      `UPDATE entitlement_documents SET revision = 2, document = jsonb_set(document, '{revision}', '2') WHERE account_id = 'cut'`,
    );
    const seen = await waitFor(async () => (await gateway.check('cut')).answer?.revision === 2, {
      what: 'the change to be seen',
    });

    expect(seen).to.equal(true);
  });
});
