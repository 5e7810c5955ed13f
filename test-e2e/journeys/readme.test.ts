import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { must } from '@quittance/kernel';
import { CARDS, makeShopper, type RunningSuite, until } from '@quittance/local';
import { expect } from 'chai';

import { startPrivateSuite } from '../support/private-suite.ts';

const run = promisify(execFile);
const README = join(resolve(import.meta.dirname, '../..'), 'README.md');
const LINES_MAX = 5;

/** The lines a reader copies, as they stand there; only the two addresses are the private suite's. */
describe('README, "Ask"', function () {
  this.timeout(120_000);
  let suite: RunningSuite;

  before(async () => {
    suite = await startPrivateSuite({ rabbitUrl: null, processes: false });
  });

  after(async () => {
    await suite.stop();
  });

  const ask = async (): Promise<unknown> => {
    const script = (await block())
      .replaceAll('http://localhost:4400', suite.facts.gatewayUrl)
      .replaceAll('http://localhost:4401', suite.facts.sandboxUrl);
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { timeout: 20_000 });
    return JSON.parse(stdout);
  };

  it('says no with a reason before the purchase, and yes after it', async () => {
    const shopper = makeShopper(suite.facts);
    const amal = await shopper.token('amal');

    const before = await ask();
    const session = await until(
      'a checkout',
      () =>
        shopper
          .checkout(amal, { product: 'automation', plan: 'pro', interval: 'month', currency: 'USD' })
          .catch(() => null),
      (made) => made !== null,
    );
    await shopper.pay(must(session?.payUrl, 'pay url'), CARDS.succeeds);
    const after = await until('a yes', ask, (answer) => isYes(answer));

    expect(before).to.include({ allowed: false, reason: 'no_subscription' });
    expect(after).to.include({ allowed: true, plan: 'pro' });
  });

  it('is five lines of shell', async () => {
    expect((await block()).trim().split('\n').length).to.be.at.most(LINES_MAX);
  });
});

const isYes = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && 'allowed' in answer && answer.allowed === true;

const block = async (): Promise<string> => {
  const readme = await readFile(README, 'utf8');
  const section = must(
    readme.split(/^## /m).find((part) => part.startsWith('Ask\n')),
    'section "Ask" of README.md',
  );
  return must(/```sh\n(.+?)```/s.exec(section)?.[1], 'its block of shell');
};
