import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { LegacySubscriptionReported, PlanPublished } from '@quittance/contracts';
import { type AccountId, isAccountId, must } from '@quittance/kernel';
import { loadConfig } from '@quittance/runtime';
import { type RunningService } from '@quittance/service';
import { makeServiceGround, type ServiceGround } from '@quittance/testkit';
import { expect } from 'chai';
import { z } from 'zod';

import { buildService, subscriptionConfig } from '../../src/service.ts';
import { freePlanPublished, planPublished, PRO } from '../fixtures.ts';

const Row = z.object({
  id: z.string(),
  status: z.string(),
  owner: z.string(),
  price: z.int(),
  currency: z.string(),
  due: z.string().nullable(),
  until: z.date().nullable(),
});
type Report = z.infer<typeof LegacySubscriptionReported.data>;

const MAIN = resolve(import.meta.dirname, '../../src/main.ts');
const DAY_MS = 24 * 60 * 60 * 1000;
const accountOf = (text: string): AccountId => must([text].find(isAccountId), 'an account id');
const daysFromNow = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();

describe('subscriptions from earlier platforms', function () {
  this.timeout(30_000);
  let ground: ServiceGround;
  let service: RunningService;
  let folder: string;

  before(async () => {
    ground = await makeServiceGround('subscription');
    const config = loadConfig(subscriptionConfig, { ...ground.env, BEAT_INTERVAL_MS: '60000' });
    service = buildService({ ...ground, config });
    await service.start();
    for (const data of [planPublished(), freePlanPublished()]) {
      await ground.handled(await ground.send(PlanPublished, { version: 1, data }));
    }
    folder = await mkdtemp(join(tmpdir(), 'quittance-import-'));
  });
  after(async () => {
    await service.stop();
    await ground.end();
    await rm(folder, { recursive: true });
  });

  const subscriptionsOf = async (account: string) => {
    const sql = `SELECT id, status, renewal_owner AS owner, price_minor::int AS price, currency, due_kind AS due, access_until AS until
      FROM subscriptions WHERE account_id = $1 ORDER BY id`;
    return z.array(Row).parse((await ground.owner.query(sql, [account])).rows);
  };
  /** As an operator calls it. */
  const importLegacy = (...args: readonly string[]) =>
    new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>((resolveWith) => {
      const env = { PATH: process.env['PATH'] ?? '', DATABASE_URL: must(ground.env['DATABASE_URL'], 'url') };
      execFile(process.execPath, [MAIN, 'import-legacy', ...args], { env }, (error, stdout, stderr) => {
        resolveWith({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  const documentsOf = async (account: string) =>
    (await ground.sent('entitlements.changed.v1')).filter(({ data }) => data['accountId'] === account);

  context('renewed by Stripe', () => {
    const aReport = (change: Partial<Report> = {}): Report => ({
      provider: 'stripe',
      reference: `sub_${randomUUID().replaceAll('-', '')}`,
      status: 'active',
      accountId: accountOf('acc_mirrored'),
      productKey: 'automation',
      planKey: 'pro',
      interval: 'month',
      quantity: 1,
      unitPrice: { amount: 4900, currency: 'USD' },
      anchorAt: '2025-01-31T00:00:00.000Z',
      period: { start: '2026-01-31T00:00:00.000Z', end: '2026-02-28T00:00:00.000Z' },
      cancelAtPeriodEnd: false,
      endedAt: null,
      ...change,
    });
    const account = (): AccountId => accountOf(`acc_${randomUUID().slice(0, 12)}`);
    const report = async (data: Report, version: number) =>
      ground.handled(await ground.send(LegacySubscriptionReported, { subject: data.reference, version, data }));

    it('give access at the old price, and nothing here ever renews them', async () => {
      const data = aReport({ accountId: account() });
      await report(data, 1);

      const [row, ...others] = await subscriptionsOf(must(data.accountId, 'account'));
      expect(others).to.deep.equal([]);
      expect(row).to.include({ status: 'active', owner: 'stripe', price: 4900, currency: 'USD', due: null });
      // Period end + 3 days, as every renewing subscription.
      expect(row?.until).to.deep.equal(new Date('2026-03-03T00:00:00.000Z'));
      expect((await documentsOf(must(data.accountId, 'account'))).at(-1)?.data).to.include({
        status: 'active',
        planKey: 'pro',
      });
    });

    it('follow the newest report, whatever order they come in', async () => {
      const data = aReport({ accountId: account() });
      await report(data, 1);
      await report({ ...data, status: 'cancelled', endedAt: '2026-02-20T00:00:00.000Z' }, 3);
      await report({ ...data, status: 'past_due' }, 2);

      const rows = await subscriptionsOf(must(data.accountId, 'account'));
      expect(rows.map(({ status }) => status)).to.deep.equal(['cancelled']);
    });

    it('keep access for 21 days of an unpaid period, and lose it when Stripe gives up', async () => {
      const data = aReport({ accountId: account() });
      await report({ ...data, status: 'past_due' }, 1);
      const [late] = await subscriptionsOf(must(data.accountId, 'account'));
      await report({ ...data, status: 'unpaid' }, 2);
      const [lost] = await subscriptionsOf(must(data.accountId, 'account'));

      expect(late).to.include({ status: 'past_due' });
      // 31 January + 21 days.
      expect(late?.until).to.deep.equal(new Date('2026-02-21T00:00:00.000Z'));
      expect(lost).to.include({ status: 'suspended' });
    });

    it('keep the plan version they were given', async () => {
      const data = aReport({ accountId: account() });
      await report(data, 1);

      const [document] = await documentsOf(must(data.accountId, 'account'));
      expect(document?.data).to.include({ planId: PRO.planId });
    });

    it('say nothing when nothing is new', async () => {
      const data = aReport({ accountId: account() });
      await report(data, 1);
      await report(data, 2);

      expect(await documentsOf(must(data.accountId, 'account'))).to.have.length(1);
    });

    it('wait for a person when nobody can tell whose they are', async () => {
      const data = aReport({ accountId: null });
      await report(data, 1);

      const { rows } = await ground.owner.query('SELECT code, account_id FROM parked_work WHERE subject_id = $1', [
        data.reference,
      ]);
      expect(rows).to.deep.equal([{ code: 'subscription.legacy_unclaimed', account_id: null }]);
    });

    it('wait for a person when the account has the product already', async () => {
      const owner = account();
      await report(aReport({ accountId: owner }), 1);
      const second = aReport({ accountId: owner });
      await report(second, 1);

      const { rows } = await ground.owner.query('SELECT code FROM parked_work WHERE subject_id = $1', [
        second.reference,
      ]);
      expect(rows).to.deep.equal([{ code: 'subscription.legacy_second' }]);
      expect(await subscriptionsOf(owner)).to.have.length(1);
    });
  });

  context('imported from a file', () => {
    const run = async (text: string, kind: 'csv' | 'json', ...flags: readonly string[]) => {
      const file = join(folder, `${randomUUID()}.${kind}`);
      await writeFile(file, text);
      const { code, stdout, stderr } = await importLegacy(file, ...flags);
      return { code, lines: `${stdout}${stderr}`.trim().split('\n') };
    };
    const HEADER = 'legacy_id,account,product,plan,interval,price,currency,started_at,period_start,period_end';
    const csv = (id: string, account: string, price = '19.90') =>
      `${HEADER}\n${id},${account},automation,pro,month,${price},USD,2024-01-31,${daysFromNow(-10)},${daysFromNow(20)}\n`;

    it('are looked at first, then made once, then unchanged', async () => {
      const file = csv('old-1', 'acc_imported_1');
      const tried = await run(file, 'csv');
      expect(tried.lines[0]).to.match(/^line 2 {2}old-1 {2}would be created: sub_\w+ active, pro until /);
      expect(tried.lines.at(-1)).to.contain('This was a dry run: nothing was changed.');
      expect(await subscriptionsOf('acc_imported_1')).to.deep.equal([]);

      const done = await run(file, 'csv', '--apply');
      expect([done.code, done.lines.at(-1)]).to.deep.equal([0, '1 rows: 1 created, 0 linked, 0 unchanged, 0 refused.']);
      const [row] = await subscriptionsOf('acc_imported_1');
      expect(row).to.include({ status: 'active', owner: 'platform', price: 1990, due: 'renewal' });
      expect(await documentsOf('acc_imported_1')).to.have.length(1);

      const again = await run(file, 'csv', '--apply');
      expect(again.lines.at(-1)).to.equal('1 rows: 0 created, 0 linked, 1 unchanged, 0 refused.');
      expect(await subscriptionsOf('acc_imported_1')).to.have.length(1);
    });

    it('are the same rows in JSON', async () => {
      const file = csv('old-2', 'acc_imported_2');
      await run(file, 'csv', '--apply');
      const [header, values] = file
        .trim()
        .split('\n')
        .map((line) => line.split(','));
      const entries = (header ?? []).map((name, index) => [name, values?.[index]]);
      const { lines } = await run(JSON.stringify([Object.fromEntries(entries)]), 'json', '--apply');

      expect(lines.at(-1)).to.equal('1 rows: 0 created, 0 linked, 1 unchanged, 0 refused.');
    });

    it('tell of each bad row what is wrong, and import the others', async () => {
      const good = csv('old-3', 'acc_imported_3').trim();
      const rows = [
        good,
        // Too many digits for a dollar; a day that is none; an unknown plan; a period long over.
        `old-4,acc_imported_4,automation,pro,month,19.999,USD,2024-01-31,,`,
        `old-5,acc_imported_5,automation,pro,month,19.90,USD,31/01/2024,,`,
        `old-6,acc_imported_6,automation,gold,month,19.90,USD,2024-01-31,,`,
        `old-7,acc_imported_7,automation,pro,month,19.90,USD,2024-01-31,2025-01-01,2025-02-01`,
      ].join('\n');
      const { code, lines } = await run(rows, 'csv', '--apply');

      expect(code).to.equal(1);
      expect(lines.at(-1)).to.equal('5 rows: 1 created, 0 linked, 0 unchanged, 4 refused.');
      expect(lines.slice(1, 5).map((line) => line.replace(/^line \d +/, ''))).to.deep.equal([
        'old-4  refused: price must be a decimal of USD like 19.99, not negative and with no more digits than it has',
        'old-5  refused: started_at must be a day like 2024-01-31, or an instant with its offset',
        'old-6  refused: There is no plan gold of a product automation here.',
        'old-7  refused: Its period is over: it would be charged at once. Give the present period, or another status.',
      ]);
    });

    it('refuse the same id with other values', async () => {
      await run(csv('old-8', 'acc_imported_8'), 'csv', '--apply');
      const { lines } = await run(csv('old-8', 'acc_imported_8', '29.90'), 'csv', '--apply');

      expect(lines[0]).to.match(/old-8 {2}refused: It was imported as sub_\w+ with other values\./);
    });

    it('are linked to what Stripe has told of, and never renewed by both', async () => {
      const reference = `sub_${randomUUID().replaceAll('-', '')}`;
      const row = {
        legacy_id: 'old-9',
        account: 'acc_imported_9',
        product: 'automation',
        plan: 'pro',
        interval: 'month',
      };
      const money = { price: '49.00', currency: 'USD', started_at: '2024-01-31', stripe_subscription: reference };
      const { lines } = await run(JSON.stringify([{ ...row, ...money }]), 'json', '--apply');
      expect(lines.at(-1)).to.contain('1 created');
      await ground.handled(
        await ground.send(LegacySubscriptionReported, {
          subject: reference,
          version: 5,
          data: {
            provider: 'stripe',
            reference,
            status: 'cancelled',
            // The earlier platform wrote nothing on it: the import says whose it is.
            accountId: null,
            productKey: null,
            planKey: null,
            interval: 'month',
            quantity: 1,
            unitPrice: { amount: 4900, currency: 'USD' },
            anchorAt: '2024-01-31T00:00:00.000Z',
            period: { start: '2026-01-31T00:00:00.000Z', end: '2026-02-28T00:00:00.000Z' },
            cancelAtPeriodEnd: false,
            endedAt: '2026-02-20T00:00:00.000Z',
          },
        }),
      );

      const rows = await subscriptionsOf('acc_imported_9');
      expect(rows.map(({ status, owner, due }) => [status, owner, due])).to.deep.equal([['cancelled', 'stripe', null]]);
    });

    for (const [what, args, sentence] of [
      ['no file', ['--apply'], 'Usage: import-legacy FILE'],
      ['a file that is not there', ['/nowhere/rows.csv'], 'There is no file /nowhere/rows.csv.'],
      ['an unknown option', ['rows.csv', '--force'], 'Usage: import-legacy FILE'],
    ] as const) {
      it(`say in one sentence what is wrong with ${what}`, async () => {
        const { stderr: error } = await importLegacy(...args);

        expect(error.trim().split('\n')).to.have.length(1);
        expect(error).to.contain(sentence);
      });
    }
  });
});
