import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { must } from '@quittance/kernel';
import { CARDS, freeNeighbours, makeShopper, type Shopper, until, type Wish } from '@quittance/local';
import { expect } from 'chai';

import { endStartCommands, startCommand, stillAlive, type StartCommand } from '../support/start-command.ts';

const PRO: Wish = { product: 'automation', plan: 'pro', interval: 'month', currency: 'USD' };
const ACCOUNT = 'acc_start';
const STOP_MAX_MS = 15_000;
const REFUSE_MAX_MS = 35_000;

interface Refusal {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly says: RegExp;
}

/** The command people type, on a machine with nothing but Node: one data folder through all of its life. */
describe('pnpm start', function () {
  this.timeout(120_000);
  this.bail(true);

  let parent: string;
  let folder: string;
  let port: number;
  let shopper: Shopper;
  let running: StartCommand;
  let firstInvoice: string;

  const start = (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): StartCommand =>
    startCommand({ folder, args: ['--port', String(port), ...args], env });

  before(async () => {
    parent = await mkdtemp(join(tmpdir(), 'quittance-start-'));
    folder = join(parent, 'data');
    port = await freeNeighbours();
    shopper = makeShopper({ gatewayUrl: `http://localhost:${port}`, sandboxUrl: `http://localhost:${port + 1}` });
  });

  after(async () => {
    await endStartCommands();
    await rm(parent, { recursive: true, force: true });
  });

  const allowed = async (account: string): Promise<boolean> => {
    const service = await shopper.token('whatsapp-qr');
    return (await shopper.check(service, { account, product: PRO.product })).allowed;
  };

  const buy = async (account: string): Promise<string> => {
    const token = await shopper.customerToken(account);
    // The catalogue travels by message: a moment after the first start nothing can be bought yet.
    const session = await until(
      'a checkout',
      () => shopper.checkout(token, PRO).catch(() => null),
      (made) => made !== null,
    );
    expect(await shopper.pay(must(session?.payUrl, 'pay url'), CARDS.succeeds)).to.equal(true);
    await until(
      'access',
      () => allowed(account),
      (yes) => yes,
    );
    return invoiceNumber(account);
  };

  const invoiceNumber = async (account: string): Promise<string> => {
    const page = await until(
      'the invoice',
      async () => shopper.billing(await shopper.customerToken(account)),
      ({ invoices }) => invoices.data?.[0]?.status === 'paid',
    );
    return must(page.invoices.data?.[0]?.number, 'invoice number');
  };

  const expectThePurchase = async (): Promise<void> => {
    expect(await allowed(ACCOUNT)).to.equal(true);
    expect(await invoiceNumber(ACCOUNT)).to.equal(firstInvoice);
    expect(await shopper.verifyChain(await shopper.token('finance'))).to.include({ valid: true, firstProblem: null });
  };

  /** Ctrl-C: in time, with code 0, in silence, and nothing of what was started is left. */
  const expectCleanStop = async (): Promise<void> => {
    const tree = await running.tree();
    const { code, durationMs, output } = await running.end('SIGINT');
    expect(tree.length).to.be.greaterThan(2);
    expect(code, output).to.equal(0);
    expect(durationMs).to.be.lessThan(STOP_MAX_MS);
    expect(output).to.match(/Stopping …\s*$/);
    expect(await stillAlive(tree)).to.deep.equal([]);
  };

  const expectOneSentence = async (command: StartCommand, expected: RegExp): Promise<void> => {
    const { code, output, durationMs } = await command.ended();
    expect(code, output).to.equal(1);
    expect(output).to.match(expected);
    expect(output).not.to.match(/^\s+at .+:\d+:\d+\)?$/m);
    expect(durationMs).to.be.lessThan(REFUSE_MAX_MS);
  };

  it('says how far it is, then shows one screen, and answers', async () => {
    running = start();
    await running.ready();

    expect(running.output()).to.match(/s {2}PostgreSQL is up\n.+Migrated \d databases/s);
    expect(running.output()).to.contain(`http://localhost:${port}`).and.to.contain('Amal').and.to.contain('Ctrl-C');
    expect(running.output().split('Quittance is ready')[1]?.split('\n').length).to.be.lessThan(24);
    const page = await shopper.request('/');
    expect([page.status, page.headers.get('content-type')]).to.deep.equal([200, 'text/html; charset=utf-8']);
    expect(await page.text()).to.contain('id="root"');
    expect(await shopper.planId(PRO)).to.match(/^pln_/);
    expect((await shopper.request('/docs')).status).to.equal(200);
  });

  it('sells', async () => {
    firstInvoice = await buy(ACCOUNT);

    await expectThePurchase();
  });

  it('is not started twice on one port', () =>
    expectOneSentence(start(), new RegExp(`^\\nPort ${port} \\(the gateway\\) is in use\\..+--port`)));

  it('is not started twice in one folder', async () => {
    const other = startCommand({ folder, args: ['--port', String(await freeNeighbours())] });

    await expectOneSentence(other, /^\nQuittance already runs in .+ \(process \d+\)\..+QUITTANCE_DATA/);
  });

  it('ends by Ctrl-C with everything it started', () => expectCleanStop());

  const refusals: readonly [title: string, refusal: Refusal][] = [
    ['an unknown option', { args: ['--bogus'], says: /^\nUnknown option '--bogus'.*\n\nUsage: / }],
    ['no port', { args: ['--port', 'abc'], says: /^\n--port abc is no port; .+\n\nUsage: / }],
    [
      'no database server',
      {
        env: { DATABASE_URL: 'postgresql://postgres@127.0.0.1:1/postgres' },
        says: /^\nPostgreSQL at 127\.0\.0\.1:1 cannot be reached as administrator: .+\n$/,
      },
    ],
    [
      'no address of a database',
      { env: { DATABASE_URL: 'here' }, says: /^\nDATABASE_URL is no address this can use; .+\n$/ },
    ],
    [
      'no broker',
      {
        env: { RABBITMQ_URL: 'amqp://guest:guest@127.0.0.1:1' },
        says: /^\nRabbitMQ at 127\.0\.0\.1:1 cannot be reached: .+\n$/,
      },
    ],
    [
      'meant for production',
      { env: { QUITTANCE_MODE: 'production' }, says: /^\nThis command plays the outside world, .+\n$/ },
    ],
    [
      'a folder where there are no folders',
      {
        env: { QUITTANCE_DATA: '/proc/x' },
        says: /^\nThe data folder \/proc\/x cannot be written \(.+QUITTANCE_DATA.+\n$/,
      },
    ],
    [
      'a live key',
      {
        env: { STRIPE_SECRET_KEY: 'sk_live_0000' },
        says: /\nThe configuration is wrong:\n {2}- STRIPE_SECRET_KEY is wrong: a live key is refused.+\n$/,
      },
    ],
  ];
  for (const [title, { args, env, says }] of refusals) {
    it(`does not start and says why in one sentence: ${title}`, () => expectOneSentence(start(args, env), says));
  }

  it('does not start and says why in one sentence: a folder that cannot be written', async () => {
    // Modes do not stop root; a file where a folder should be stops everybody.
    const file = join(parent, 'file');
    await writeFile(file, '');

    const command = startCommand({ folder: join(file, 'data'), args: ['--port', String(port)] });

    await expectOneSentence(command, /^\nThe data folder .+ cannot be written \(.+QUITTANCE_DATA/);
  });

  it('finds everything at the second start, and migrates nothing', async () => {
    // A variable that is empty is as good as none.
    running = start([], { DATABASE_URL: '', RABBITMQ_URL: '', STRIPE_SECRET_KEY: '' });
    await running.ready();

    expect(running.output()).to.contain('Every database is up to date');
    await expectThePurchase();
  });

  it('finds everything after kill -9, and ends the database that was left', async () => {
    const tree = await running.tree();
    await running.end('SIGKILL');
    const orphans = await stillAlive(tree);
    running = start();
    await running.ready();

    expect(orphans).not.to.deep.equal([]);
    expect(await stillAlive(tree)).to.deep.equal([]);
    await expectThePurchase();
    await expectCleanStop();
  });

  it('runs every service as its own process, sells, and leaves none behind', async () => {
    running = start(['--processes']);
    await running.ready();

    expect((await running.tree()).length).to.be.greaterThan(8);
    await expectThePurchase();
    expect(await buy('acc_processes')).not.to.equal(firstInvoice);
    await expectCleanStop();
  });

  it('starts over with --fresh', async () => {
    running = start(['--fresh']);
    await running.ready();

    expect(running.output()).to.contain('Migrated');
    expect(await allowed(ACCOUNT)).to.equal(false);
    await expectCleanStop();
  });
});
