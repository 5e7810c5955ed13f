import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { expect } from 'chai';

import { csv, DAY_MS, daysFromNow, HEADER, type ImportGround, startImportGround } from '../import-ground.ts';

describe('where, when and to whom subscriptions are imported', function () {
  this.timeout(60_000);
  let imports: ImportGround;

  before(async () => {
    imports = await startImportGround();
  });
  after(() => imports.end());

  it('find the local suite by its data folder where nothing says which database', async () => {
    const file = join(imports.folder, 'found.csv');
    await writeFile(file, csv('old-61', 'acc_imported_61'));
    await mkdir(join(imports.folder, 'environment'));
    const lines = Object.entries(imports.env).map(([name, value]) => `${name}=${value}\n`);
    await writeFile(join(imports.folder, 'environment', 'subscription.env'), lines.join(''));
    const found = await imports.call([file], { QUITTANCE_DATA: imports.folder });
    const none = await imports.call([file], { QUITTANCE_DATA: join(imports.folder, 'empty') });

    expect(found).to.include({ code: 0, stderr: '' });
    expect(found.stdout).to.contain('old-61  would be created');
    expect(none).to.include({ code: 1, stdout: '' });
    expect(none.stderr).to.contain('DATABASE_URL is required and not set');
  });

  it('are read at the time it is in the sandbox: what is over there is not charged for every period since', async () => {
    const offsetMs = 400 * DAY_MS;
    const sandbox = createServer((_request, response) => response.end(JSON.stringify({ offsetMs })));
    await once(sandbox.listen(0, '127.0.0.1'), 'listening');
    const address = sandbox.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const clock = { QUITTANCE_MODE: 'sandbox', SANDBOX_CLOCK_URL: `http://127.0.0.1:${port}` };
    try {
      const row = 'automation,pro,month,19.90,USD,2024-01-31';
      const [over, present] = [`old-70,acc_imported_70,${row}`, `old-71,acc_imported_71,${row}`];
      const text = `${HEADER}\n${over},${daysFromNow(-10)},${daysFromNow(20)}\n${present},,`;
      const { lines } = await imports.run(text, 'csv', { variables: clock });

      expect(lines[0]).to.contain('old-70  refused: Its period is over: it would be charged at once.');
      const until = Date.parse(lines[1]?.split(' until ')[1] ?? '');
      expect(until - Date.now() - offsetMs).to.be.within(0, 31 * DAY_MS);
    } finally {
      sandbox.close();
    }
  });

  it('are never read by a clock that can be moved in production', async () => {
    const clock = { QUITTANCE_MODE: 'production', SANDBOX_CLOCK_URL: 'http://127.0.0.1:1' };
    const { code, stderr } = await imports.call([join(imports.folder, 'any.csv')], { ...imports.env, ...clock });

    expect([code, stderr]).to.deep.equal([
      1,
      'Nothing more was imported: The configuration is wrong:\n  - SANDBOX_CLOCK_URL: is refused in production\n',
    ]);
  });

  it('are one account’s each: a subscription at Stripe that is another’s here is refused, in the dry run too', async () => {
    const header = `${HEADER},stripe_subscription`;
    const reference = `sub_${randomUUID().replaceAll('-', '')}`;
    const rowOf = (id: string, account: string) =>
      `${id},${account},automation,pro,month,19.90,USD,2024-01-31,,,${reference}`;
    const rows = [
      rowOf('old-80', 'acc_imported_80'),
      rowOf('old-81', 'acc_imported_81'),
      rowOf('old-82', 'acc_imported_80'),
    ];
    const text = [header, ...rows].join('\n');
    const [tried, done] = [await imports.run(text, 'csv'), await imports.run(text, 'csv', { apply: true })];

    expect(tried.lines.map((line) => line.replace('would be ', '').split(':')[0])).to.deep.equal([
      'line 2  old-80  created',
      'line 3  old-81  refused',
      'line 4  old-82  linked',
      '3 rows',
    ]);
    expect(done.lines[1]).to.match(
      new RegExp(`refused: ${reference} is sub_\\w+ of account acc_imported_80 here already`),
    );
    expect(await imports.subscriptionsOf('acc_imported_81')).to.deep.equal([]);
  });

  it('are no second trial of what the account has tried here already, in the dry run too', async () => {
    const header = `${HEADER},status`;
    const rowOf = (id: string, rest: string) =>
      `${header}\n${id},acc_imported_90,automation,pro,month,19.90,USD,${rest}`;
    await imports.run(rowOf('old-90', `2024-01-31,${daysFromNow(-10)},${daysFromNow(4)},trialing`), 'csv', {
      apply: true,
    });
    const [trial] = await imports.subscriptionsOf('acc_imported_90');
    await imports.ground.owner.query(`UPDATE subscriptions SET status = 'expired', due_at = NULL, due_kind = NULL
      WHERE account_id = 'acc_imported_90'`);
    const again = rowOf('old-91', `2024-01-31,${daysFromNow(-1)},${daysFromNow(13)},trialing`);
    const [tried, done] = [await imports.run(again, 'csv'), await imports.run(again, 'csv', { apply: true })];

    expect(trial?.status).to.equal('trialing');
    for (const { lines } of [tried, done]) {
      expect(lines[0]).to.equal(
        'line 2  old-91  refused: Account acc_imported_90 has had its trial of automation: import it as active, or leave it out.',
      );
    }
  });
});
