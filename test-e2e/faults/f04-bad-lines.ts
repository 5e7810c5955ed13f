import { setTimeout as pause } from 'node:timers/promises';

import { type Detour } from '@quittance/local';
import { makeTcpProxy, type TcpProxy } from '@quittance/testkit';

import { type FaultGround, onFaultGround } from './fault-ground.ts';
import { type Fault, type FaultOptions, type Sums, tell } from './fault.ts';
import { makeRandom, type SeededRandom } from './seeded-random.ts';
import { underLoad } from './under-load.ts';

const INJECTIONS = { full: 100, quick: 9 };
const PURCHASES_AT_ONCE = 5;
const LATENCY_MS = 5_000;
const LASTS_MS = { least: 1_000, most: 8_000 };
const BETWEEN_MS_MOST = 500;

/** The line from one process to one of the servers it uses. */
interface Line {
  readonly name: string;
  readonly proxy: TcpProxy;
}

const KINDS = ['cut', 'half open', 'slow'] as const;
type Kind = (typeof KINDS)[number];

export const badLinesFault: Fault = {
  id: 'F4',
  title: 'cut, half open, and 5 s slow: any line between two of us (a hundred a seed)',
  seeds: 5,
  planned: INJECTIONS.full,
  run: async (options) => {
    const lines: Line[] = [];
    try {
      return await onFaultGround(options, { detour: throughProxies(lines) }, (ground) =>
        hurtLines(ground, lines, options),
      );
    } finally {
      await Promise.all(lines.map(({ proxy }) => proxy.close()));
    }
  },
};

/** Every address a process is told, but its own, becomes that of a proxy of its own. */
const throughProxies =
  (lines: Line[]): Detour =>
  async ({ service, replica }, environment) => {
    const told: Record<string, string> = { ...environment };
    for (const [variable, address] of Object.entries(environment)) {
      if (!isLine(variable)) continue;
      const url = new URL(address);
      const proxy = await makeTcpProxy({ host: url.hostname, port: Number(url.port) });
      url.hostname = '127.0.0.1';
      url.port = String(proxy.port);
      told[variable] = url.toString().replace(/\/$/, '');
      lines.push({ name: `${service}-${replica} → ${variable.replace(/_(API_BASE|URL)$/, '').toLowerCase()}`, proxy });
    }
    return told;
  };

/** PostgreSQL, the broker, Stripe, and the services behind the door; the outside's token keys are another fault. */
const isLine = (variable: string): boolean =>
  /^((BUS_)?DATABASE|RABBITMQ|CATALOG|SUBSCRIPTION|INVOICING|PAYMENTS_CARD|AUDIT)_URL$|^STRIPE_API_BASE$/.test(
    variable,
  );

const hurtLines = async (ground: FaultGround, lines: readonly Line[], options: FaultOptions): Promise<Sums> => {
  const { seed, say, quick, firstMax } = options;
  const random = makeRandom(seed);
  const places = random.shuffled(lines.flatMap((line) => KINDS.map((kind) => ({ line, kind }))));
  const injections = Math.min(firstMax, quick ? INJECTIONS.quick : INJECTIONS.full);
  const disturb = async (): Promise<number> => {
    for (let index = 0; index < injections; index += 1) {
      const place = places[index % places.length];
      if (place === undefined) break;
      await hurt(place, random);
      await pause(random.below(BETWEEN_MS_MOST));
    }
    return injections;
  };
  const { injected, bought, violations, watch } = await underLoad(ground, { atOnce: PURCHASES_AT_ONCE }, disturb);
  const slowest = (watch.slowestMs() / 1000).toFixed(1);
  const what = `${lines.length} lines, ${bought} purchases, slowest answer ${slowest} s`;
  return tell({ id: 'F4', what, seed, injected }, violations, say);
};

/** In quick runs too each kind is met: the places are shuffled, the kinds come round in them. */
const hurt = async (
  { line, kind }: { readonly line: Line; readonly kind: Kind },
  random: SeededRandom,
): Promise<void> => {
  const { proxy } = line;
  if (kind === 'cut') {
    proxy.cut();
    return;
  }
  if (kind === 'half open') proxy.freeze();
  else proxy.delay(LATENCY_MS);
  await pause(LASTS_MS.least + random.below(LASTS_MS.most - LASTS_MS.least));
  proxy.thaw();
  proxy.delay(0);
};
