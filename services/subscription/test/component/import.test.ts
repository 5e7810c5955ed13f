import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { LegacySubscriptionReported } from '@quittance/contracts';
import { toError } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { csv, DAY_MS, daysFromNow, HEADER, type ImportGround, startImportGround } from '../import-ground.ts';

describe('subscriptions imported from a file', function () {
  this.timeout(60_000);
  let imports: ImportGround;
  let ground: ImportGround['ground'];

  before(async () => {
    imports = await startImportGround();
    ground = imports.ground;
  });
  after(() => imports.end());

  const documentsOf = async (account: string) =>
    (await ground.sent('entitlements.changed.v1')).filter(({ data }) => data['accountId'] === account);

  it('are looked at first, then made once, then unchanged', async () => {
    const file = csv('old-1', 'acc_imported_1');
    const tried = await imports.run(file, 'csv');
    expect(tried.lines[0]).to.match(/^line 2 {2}old-1 {2}would be created: sub_\w+ active, pro until /);
    expect(tried.lines.at(-1)).to.contain('This was a dry run: nothing was changed.');
    expect(await imports.subscriptionsOf('acc_imported_1')).to.deep.equal([]);

    const done = await imports.run(file, 'csv', { apply: true });
    expect([done.code, done.lines.at(-1)]).to.deep.equal([0, '1 rows: 1 created, 0 linked, 0 unchanged, 0 refused.']);
    const [row] = await imports.subscriptionsOf('acc_imported_1');
    expect(row).to.include({ status: 'active', owner: 'platform', price: 1990, due: 'renewal' });
    expect(await documentsOf('acc_imported_1')).to.have.length(1);

    const again = await imports.run(file, 'csv', { apply: true });
    expect(again.lines.at(-1)).to.equal('1 rows: 0 created, 0 linked, 1 unchanged, 0 refused.');
    expect(await imports.subscriptionsOf('acc_imported_1')).to.have.length(1);
  });

  it('are the same rows in JSON', async () => {
    const file = csv('old-2', 'acc_imported_2');
    await imports.run(file, 'csv', { apply: true });
    const [header, values] = file
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    const entries = (header ?? []).map((name, index) => [name, values?.[index]]);
    const { lines } = await imports.run(JSON.stringify([Object.fromEntries(entries)]), 'json', { apply: true });

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
    const { code, lines } = await imports.run(rows, 'csv', { apply: true });

    expect(code).to.equal(1);
    expect(lines.at(-1)).to.equal('5 rows: 1 created, 0 linked, 0 unchanged, 4 refused.');
    expect(lines.slice(1, 5).map((line) => line.replace(/^line \d +/, ''))).to.deep.equal([
      'old-4  refused: price must be a decimal of USD like 19.99, not negative and with no more digits than it has',
      'old-5  refused: started_at must be a day like 2024-01-31, or an instant with its offset',
      'old-6  refused: There is no plan gold of a product automation here.',
      'old-7  refused: Its period is over: it would be charged at once. Give the present period, or another status.',
    ]);
  });

  it('tell the charge that comes, before the tax that its first invoice adds', async () => {
    await imports.run(csv('old-11', 'acc_imported_11'), 'csv', { apply: true });
    const [imported] = await imports.subscriptionsOf('acc_imported_11');

    const { nextCharge } = await imports.read('acc_imported_11', imported?.id ?? '');
    const { data, totals } = await imports.renewalsOf('acc_imported_11');

    const amount = { amount: 1990, currency: 'USD' };
    expect(nextCharge).to.deep.equal({ at: daysFromNow(20), amount, withTax: false });
    expect(data.map(({ dueAt, amount: told, withTax }) => ({ at: dueAt, amount: told, withTax }))).to.deep.equal([
      nextCharge,
    ]);
    expect(totals).to.deep.equal([{ count: 1, amount }]);
  });

  it('have no period and no charge where they cost nothing', async () => {
    const text = csv('old-12', 'acc_imported_12', '0').replace(',pro,', ',free,');
    const { lines } = await imports.run(text, 'csv', { apply: true });
    const [imported] = await imports.subscriptionsOf('acc_imported_12');

    expect(lines[0]).to.contain('active, free until for ever');
    expect(imported).to.include({ status: 'active', due: null });
    expect(await imports.read('acc_imported_12', imported?.id ?? '')).to.include({
      currentPeriod: null,
      nextCharge: null,
      accessUntil: null,
    });
  });

  it('refuse the same id with other values', async () => {
    await imports.run(csv('old-8', 'acc_imported_8'), 'csv', { apply: true });
    const { lines } = await imports.run(csv('old-8', 'acc_imported_8', '29.90'), 'csv', { apply: true });

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
    const { lines } = await imports.run(JSON.stringify([{ ...row, ...money }]), 'json', { apply: true });
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

    const rows = await imports.subscriptionsOf('acc_imported_9');
    expect(rows.map(({ status, owner, due }) => [status, owner, due])).to.deep.equal([['cancelled', 'stripe', null]]);
  });

  for (const [what, args, sentence] of [
    ['no file', ['--apply'], 'Usage: import-legacy FILE'],
    ['a file that is not there', ['/nowhere/rows.csv'], 'There is no file /nowhere/rows.csv.'],
    ['an unknown option', ['rows.csv', '--force'], 'Usage: import-legacy FILE'],
  ] as const) {
    it(`say in one sentence what is wrong with ${what}`, async () => {
      const error = toError(await imports.importLegacy(args).catch((thrown: unknown) => thrown));

      expect(error.message).to.contain(sentence);
    });
  }

  it('answer who calls it with lines, a code and one sentence', async () => {
    const file = join(imports.folder, 'called.csv');
    await writeFile(file, csv('old-60', 'acc_imported_60'));
    const [done, failed] = await Promise.all([imports.call([file, '--apply']), imports.call(['/nowhere/rows.csv'])]);

    expect(done).to.include({ code: 0, stderr: '' });
    expect(done.stdout.trim().split('\n')).to.have.length(2);
    expect(failed).to.deep.equal({
      code: 1,
      stdout: '',
      stderr: 'Nothing more was imported: There is no file /nowhere/rows.csv.\n',
    });
  });

  it('are renewed for a whole period where their own was not the one of their start', async () => {
    // 445 days before its end is no multiple of 30: counted from there the next period would be 5 days for 30 days' price.
    const end = new Date(daysFromNow(20));
    const [started, start] = [445, 30].map((days) => new Date(end.getTime() - days * DAY_MS).toISOString());
    const row = `old-20,acc_imported_20,automation,pro,P30D,19.90,USD,${started},${start},${end.toISOString()}`;
    await imports.run(`${HEADER}\n${row}`, 'csv', { apply: true });
    ground.clock.set(end);

    const command = await waitFor(
      async () =>
        (await ground.sent('invoicing.open-invoice')).find(({ data }) => data['accountId'] === 'acc_imported_20'),
      { what: 'the request for its invoice', deadlineMs: 15_000 },
    );
    const whole = new Date(end.getTime() + 30 * DAY_MS);
    expect(command.data['period']).to.deep.equal({ start: end.toISOString(), end: whole.toISOString() });
  });

  it('are told in the dry run as they would end, row after row', async () => {
    const rows = [
      csv('old-30', 'acc_imported_30').trim(),
      // The same place under another name; the same row; the same name with another price.
      csv('old-31', 'acc_imported_30').trim().split('\n')[1],
      csv('old-30', 'acc_imported_30').trim().split('\n')[1],
      csv('old-30', 'acc_imported_30', '29.90').trim().split('\n')[1],
    ].join('\n');
    const outcomes = (lines: readonly string[]) => lines.slice(0, 4).map((line) => line.split('  ')[2]?.split(':')[0]);
    const tried = await imports.run(rows, 'csv');
    const done = await imports.run(rows, 'csv', { apply: true });

    expect(outcomes(tried.lines)).to.deep.equal(['would be created', 'refused', 'unchanged', 'refused']);
    expect(outcomes(done.lines)).to.deep.equal(['created', 'refused', 'unchanged', 'refused']);
    expect(tried.lines[1]).to.contain('which already has');
    expect(tried.lines[3]).to.contain('with other values');
    expect(await imports.subscriptionsOf('acc_imported_30')).to.have.length(1);
  });

  it('bring where they are taxed and what may be charged, told to those who own it', async () => {
    const header = `${HEADER},country,stripe_customer,stripe_payment_method`;
    const row = `${csv('old-40', 'acc_imported_40').trim().split('\n')[1]},FR,cus_40,pm_40`;
    const { lines } = await imports.run(`${header}\n${row}`, 'csv', { apply: true });

    expect(lines.at(-1)).to.contain('1 created');
    const [{ id, country } = { id: '', country: null }] = await imports.subscriptionsOf('acc_imported_40');
    expect(country).to.equal('FR');
    const commands = (await ground.sent()).filter(({ subject }) => subject === 'acc_imported_40');
    expect(commands.map((one) => [one.type, one.id, one.data])).to.deep.equal([
      [
        'invoicing.remember-buyer',
        `${id}:remember-buyer`,
        { accountId: 'acc_imported_40', country: 'FR', currency: 'USD' },
      ],
      [
        'payments-card.keep-method',
        `${id}:keep-method`,
        { accountId: 'acc_imported_40', subscriptionId: id, customerReference: 'cus_40', methodReference: 'pm_40' },
      ],
    ]);
  });

  it('refuse what nothing would ever move: past due here, with no invoice to pay', async () => {
    const text = JSON.stringify([
      {
        legacy_id: 'old-50',
        account: 'acc_imported_50',
        product: 'automation',
        plan: 'pro',
        interval: 'month',
        price: '19.90',
        currency: 'USD',
        started_at: '2024-01-31',
        status: 'past_due',
      },
    ]);
    const { code, lines } = await imports.run(text, 'json', { apply: true });

    expect(code).to.equal(1);
    expect(lines[0]).to.contain('old-50  refused: It is past_due, and nothing here could be paid to settle it');
    expect(await imports.subscriptionsOf('acc_imported_50')).to.deep.equal([]);
  });
});
