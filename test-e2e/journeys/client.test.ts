import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { must } from '@quittance/kernel';
import { CARDS, makeShopper, type RunningSuite, type Shopper, until } from '@quittance/local';
import { expect } from 'chai';
import { z } from 'zod';

import { startPrivateSuite } from '../support/private-suite.ts';

const run = promisify(execFile);
const PACKAGE = resolve(import.meta.dirname, '../../packages/client');
const PRO = { product: 'automation', plan: 'pro', interval: 'month', currency: 'USD' } as const;
const CREDENTIALS = {
  whatsappQr: { id: 'whatsapp-qr', secret: 'sandbox-secret-whatsapp-qr', scope: 'entitlements.read' },
  accountManager: { id: 'account-manager', secret: 'sandbox-secret-account-manager', scope: 'handoff.create' },
} as const;

/** The SDK as other services get it: a tarball, plain npm, the machine’s own Node, none of our sources. */
describe('the client, installed by another service', function () {
  this.timeout(180_000);
  let folder: string;
  let suite: RunningSuite;
  let shopper: Shopper;
  const nodes = outsideNodes();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quittance-client-'));
    suite = await startPrivateSuite({ rabbitUrl: null, processes: false });
    shopper = makeShopper(suite.facts);
    await installInto(folder);
    const first = await shopper.customerToken('acc_first');
    await until(
      'the catalogue reaches the checkout',
      () => shopper.checkout(first, { ...PRO, plan: 'free' }).catch(() => null),
      (session) => session !== null,
    );
  });

  after(async () => {
    await suite.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs lines against the compiled examples, with `quittance` connected as this service. */
  const asService = async (service: keyof typeof CREDENTIALS, lines: string, url = suite.facts.gatewayUrl) => {
    const { id, secret, scope } = CREDENTIALS[service];
    const secrets = { url, authGate: `${suite.facts.sandboxUrl}/authgate/token`, id, secret, scope };
    const file = join(folder, `run-${randomUUID()}.mjs`);
    await writeFile(
      file,
      `import { connect } from './out/client.js';
import { mayOpenChannel } from './out/may-open-channel.js';
import { upgradeLink } from './out/upgrade-link.js';
const quittance = connect(${JSON.stringify(secrets)});
const say = (value) => console.log(JSON.stringify(value));
${lines}`,
    );
    const answers = await Promise.all(
      nodes.map(async (node) => {
        const { stdout } = await run(node, [file], { cwd: folder, timeout: 60_000 });
        const answer: unknown = JSON.parse(stdout);
        return answer;
      }),
    );
    return answers;
  };

  it('is found by Nodes that are not ours', async () => {
    const versions = await Promise.all(nodes.map(async (node) => (await run(node, ['--version'])).stdout.trim()));

    process.stdout.write(`    runs on ${versions.join(', ')}\n`);
    expect(nodes).not.to.have.length(0);
    expect(versions.every((version) => Number(/^v(\d+)/.exec(version)?.[1]) >= 20)).to.equal(true);
  });

  it('brings nothing along and needs nothing but itself', async () => {
    const manifest = z
      .looseObject({ dependencies: z.unknown().optional() })
      .parse(JSON.parse(await readFile(join(folder, 'node_modules/@quittance/client/package.json'), 'utf8')));

    expect(manifest.dependencies).to.equal(undefined);
    expect(existsSync(join(folder, 'node_modules/@quittance/kernel'))).to.equal(false);
    expect(existsSync(join(folder, 'node_modules/zod'))).to.equal(false);
  });

  it('sells through a hand-off, and answers the check before and after', async () => {
    const account = `acc_${randomUUID()}`;
    const ask = `say([await mayOpenChannel(quittance, '${account}', 0), await quittance.checkEntitlement({ account: '${account}', product: 'automation' })]);`;
    const Asked = z.tuple([
      z.boolean(),
      z.looseObject({ outcome: z.string(), reason: z.string(), plan: z.string().nullable() }),
    ]);

    const before = await asService('whatsappQr', ask);
    const links = await asService(
      'accountManager',
      `say(await upgradeLink(quittance, { account: '${account}', subject: 'usr_of_${account}', language: 'en' }, 'pro'));`,
    );
    const code = new URL(z.url().parse(links[0])).hash.slice(1);
    const page = await payFor(shopper, code);
    const service = await shopper.token('whatsapp-qr');
    const check = () => shopper.check(service, { account, product: PRO.product });
    await until('the entitlement', check, ({ allowed }) => allowed);
    const after = await asService('whatsappQr', ask);

    expect(page).to.equal(true);
    for (const answer of before) {
      const [may, entitlement] = Asked.parse(answer);
      expect([may, entitlement.outcome, entitlement.reason]).to.deep.equal([false, 'denied', 'no_subscription']);
    }
    for (const answer of after) {
      const [may, entitlement] = Asked.parse(answer);
      expect([may, entitlement.outcome, entitlement.plan]).to.deep.equal([true, 'allowed', 'pro']);
    }
  });

  it('says no while the platform is away, and throws what a deployment must notice', async () => {
    const away = await asService(
      'whatsappQr',
      "say(await mayOpenChannel(quittance, 'acme', 0));",
      'http://127.0.0.1:1',
    );
    const wrong = await asService(
      'accountManager',
      "say(await mayOpenChannel(quittance, 'acme', 0).catch(({ code, status }) => [code, status]));",
    );

    expect(away).to.deep.equal(nodes.map(() => false));
    expect(wrong).to.deep.equal(nodes.map(() => ['platform.forbidden', 403]));
  });
});

/** Opens the link’s order as our page does, and pays. */
const payFor = async (shopper: Shopper, code: string): Promise<boolean> => {
  const { session } = z
    .looseObject({ session: z.string() })
    .parse(await (await post(shopper, '/v1/handoff-sessions', { body: { code } })).json());
  const open = async () => {
    const answer = await post(shopper, '/v1/handoff-sessions/checkout', { token: session });
    return z.looseObject({ payUrl: z.string().nullable() }).parse(await answer.json());
  };
  const { payUrl } = await until('the payment page', open, (checkout) => checkout.payUrl !== null);
  return shopper.pay(must(payUrl, 'pay url'), CARDS.succeeds);
};

const post = (shopper: Shopper, path: string, input: { readonly body?: unknown; readonly token?: string }) =>
  shopper.request(path, { method: 'POST', headers: { 'content-type': 'application/json' }, ...input });

/** Packs as for a registry, installs without a network, and compiles the README’s examples against what was installed. */
const installInto = async (folder: string): Promise<void> => {
  await run('npx', ['-y', 'pnpm@12', 'pack', '--pack-destination', folder], { cwd: PACKAGE });
  const { version } = z
    .looseObject({ version: z.string() })
    .parse(JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8')));
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'another-service', private: true, type: 'module' }),
  );
  const tarball = join(folder, `quittance-client-${version}.tgz`);
  const [node] = outsideNodes();
  const path = [dirname(must(node, 'a Node outside')), process.env['PATH']].join(delimiter);
  const offline = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', ...offline, tarball], { cwd: folder, env: { ...process.env, PATH: path } });
  await mkdir(join(folder, 'src'));
  for (const [, name = '', code = ''] of (await readFile(join(PACKAGE, 'README.md'), 'utf8')).matchAll(EXAMPLE)) {
    await writeFile(join(folder, 'src', name), code);
  }
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2022', 'dom'],
    strict: true,
    skipLibCheck: false,
    types: [],
    rootDir: 'src',
    outDir: 'out',
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  await run(resolve(PACKAGE, '../../node_modules/.bin/tsc'), ['-p', folder]).catch((error: unknown) => {
    throw new Error(`The examples do not compile: ${JSON.stringify(error)}`);
  });
};

const EXAMPLE = /```ts\n\/\/ ([a-z-]+\.ts)\n(.*?)```/gs;

/** What a user’s machine has, not what our scripts put before it; our own where there is no other. */
function outsideNodes(): readonly string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  const found = folders.map((folder) => join(folder, 'node')).find((node) => existsSync(node));
  return found === undefined ? [process.execPath] : [found, process.execPath];
}
