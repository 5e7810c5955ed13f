import { toError } from '@quittance/kernel';
import { runAtEnd } from '@quittance/testkit';

import { benchActivation } from './activation.ts';
import { benchAudit } from './audit.ts';
import { benchCheckouts } from './checkouts.ts';
import { benchEntitlements } from './entitlements.ts';
import { type Figure, say, sayLoad } from './figure.ts';
import { benchPricing } from './pricing.ts';
import { benchRenewals } from './renewals.ts';
import { benchStartup } from './startup.ts';

interface Bench {
  readonly measures: string;
  readonly run: (options: readonly string[]) => Promise<Figure>;
}

const BENCHES: Readonly<Record<string, Bench>> = {
  entitlements: {
    measures: 'POST /v1/entitlements/check through the gateway against a bare Express 5 route, requests per second',
    run: benchEntitlements,
  },
  activation: {
    measures: 'webhook received → the check answers allowed, against three broker hops and five commits done bare',
    run: benchActivation,
  },
  checkouts: {
    measures: 'whole checkouts per second and their CPU by service, against as many commits done bare',
    run: benchCheckouts,
  },
  renewals: {
    measures:
      'renewals due at once, until paid and audited, against plain writes of the same rows (`renewals --n 10000`)',
    run: benchRenewals,
  },
  pricing: {
    measures: 'GET /v1/pricing through the gateway against a bare Express 5 route that answers the same bytes',
    run: benchPricing,
  },
  startup: {
    measures: 'a second `pnpm start` to its ready line; memory after 1,000 checkouts (`startup --checkouts 10000`)',
    run: benchStartup,
  },
  audit: {
    measures: 'audit records stored and sealed per second, against plain inserts',
    run: benchAudit,
  },
};

const listed = Object.entries(BENCHES)
  .map(([name, { measures }]) => `  ${name.padEnd(14)}${measures}`)
  .join('\n');

const runBench = async (name: string, bench: Bench, options: readonly string[]): Promise<void> => {
  say(`\n${name}: ${bench.measures}`);
  sayLoad();
  const figure = await bench.run(options);
  sayLoad();
  say(JSON.stringify(figure));
};

const main = async (args: readonly string[]): Promise<boolean> => {
  const [name, ...options] = args.filter((argument) => argument !== '--');
  if (name === undefined) {
    say(`pnpm bench [name]\n\n${listed}`);
    for (const [each, bench] of Object.entries(BENCHES)) await runBench(each, bench, []);
    return true;
  }
  const bench = BENCHES[name];
  if (bench === undefined) {
    say(`There is no bench ${name}.\n\n${listed}`);
    return false;
  }
  await runBench(name, bench, options);
  return true;
};

try {
  const known = await main(process.argv.slice(2));
  await runAtEnd();
  process.exit(known ? 0 : 1);
} catch (error) {
  process.stderr.write(`${toError(error).stack}\n`);
  await runAtEnd();
  process.exit(1);
}
