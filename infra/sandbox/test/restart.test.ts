import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { freePort, makeTestDatabase, waitFor } from '@quittance/testkit';
import { expect } from 'chai';

import { buildSandbox } from '../src/index.ts';
import { caught } from './caught.ts';
import {
  CONSOLE,
  SECRET_KEY,
  sdkFor,
  sessionParams,
  submitCard,
  SUPERADMIN_SECRET,
  WEBHOOK_SECRET,
} from './sandbox-ground.ts';

const MAIN = path.resolve(import.meta.dirname, '../src/main.ts');

describe('the sandbox as a process', function () {
  this.timeout(60_000);
  const children: ChildProcess[] = [];
  after(() => children.forEach((child) => child.kill('SIGKILL')));

  const start = async (databaseUrl: string, port: number): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [MAIN], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        PATH: process.env['PATH'] ?? '',
        QUITTANCE_MODE: 'sandbox',
        PORT: String(port),
        LOG_LEVEL: 'silent',
        DATABASE_URL: databaseUrl,
        STRIPE_SECRET_KEY: SECRET_KEY,
        STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
        SUPERADMIN_SECRET,
        CONSOLE_REDIRECT_URIS: `${CONSOLE}/callback`,
        CONSOLE_ORIGINS: CONSOLE,
      },
    });
    children.push(child);
    await waitFor(async () => (await fetch(`http://127.0.0.1:${port}/live`)).ok, {
      what: 'the sandbox',
      deadlineMs: 25_000,
    });
    return child;
  };

  it('keeps its books, keys of requests, waiting webhooks and signing keys over a kill', async () => {
    const database = await makeTestDatabase({ empty: true });
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const stripe = sdkFor(url);
    const read = async (page: string): Promise<string> => (await fetch(`${url}${page}`)).text();
    const first = await start(database.ownerUrl, port);
    const made = await stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: 'open:1' });
    await submitCard(url, made.id, { card: '4242424242424242' });
    const before = [
      await read('/_sandbox/stripe/books'),
      await read('/_sandbox/stripe/webhooks'),
      await read('/authgate/jwks'),
    ];

    first.kill('SIGKILL');
    await once(first, 'exit');
    await start(database.ownerUrl, port);

    const after = [
      await read('/_sandbox/stripe/books'),
      await read('/_sandbox/stripe/webhooks'),
      await read('/authgate/jwks'),
    ];
    expect(after).to.deep.equal(before);
    expect(after[1]).to.include('"pending":2');
    const again = await stripe.checkout.sessions.create(sessionParams(), { idempotencyKey: 'open:1' });
    expect(again.id).to.equal(made.id);
  });

  it('does not exist in production', async () => {
    const refused = await caught(
      buildSandbox({
        databaseUrl: 'postgresql://127.0.0.1:1/none',
        webhookUrl: null,
        webhookSecret: WEBHOOK_SECRET,
        stripeSecretKey: SECRET_KEY,
        superAdminSecret: SUPERADMIN_SECRET,
        console: { redirectUris: [], origins: [] },
        mode: 'production',
      }),
    );

    expect(String(refused)).to.include('refuses to start in production');
  });
});
