import { setTimeout as pause } from 'node:timers/promises';

import { type Detour } from '@quittance/local';
import { makeTcpProxy, type TcpProxy } from '@quittance/testkit';

import { type FaultGround, onFaultGround } from './fault-ground.ts';
import { type Fault, type FaultOptions, type Sums, tell } from './fault.ts';
import { makeRandom, type SeededRandom } from './seeded-random.ts';
import { underLoad } from './under-load.ts';

const INJECTIONS = { full: 100, quick: 6 };
const PURCHASES_AT_ONCE = { full: 5, quick: 2 };
const LATENCY_MS = 5_000;
const SLOW_FOR_MS = { least: 1_000, most: 8_000 };
/** Longer than any request may take: whoever waits for the other side to speak is found out. */
const SILENT_FOR_MS = { least: 12_000, most: 15_000 };
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
      const detours = { detour: throughProxies(lines), webhookDetour: throughProxy(lines, 'stripe → webhooks') };
      return await onFaultGround(options, detours, (ground) => hurtLines(ground, lines, options));
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
      const name = `${service}-${replica} → ${variable.replace(/_(API_BASE|URL)$/, '').toLowerCase()}`;
      told[variable] = await throughProxy(lines, name)(address);
    }
    return told;
  };

const throughProxy =
  (lines: Line[], name: string) =>
  async (address: string): Promise<string> => {
    const url = new URL(address);
    const proxy = await makeTcpProxy({ host: url.hostname, port: Number(url.port) });
    lines.push({ name, proxy });
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    return url.toString().replace(/\/$/, '');
  };

/** PostgreSQL, the broker, Stripe, AuthGate's keys, and the services behind the door. */
const isLine = (variable: string): boolean =>
  /^((BUS_)?DATABASE|RABBITMQ|CATALOG|SUBSCRIPTION|INVOICING|PAYMENTS_CARD|AUDIT|AUTHGATE_JWKS)_URL$|^STRIPE_API_BASE$/.test(
    variable,
  );

const hurtLines = async (ground: FaultGround, lines: readonly Line[], options: FaultOptions): Promise<Sums> => {
  const { seed, say, quick, firstMax } = options;
  const random = makeRandom(seed);
  // The kinds come round: a quick run too meets each of them.
  const byKind = KINDS.map((kind) => random.shuffled(lines).map((line) => ({ line, kind })));
  const places = lines.flatMap((_, index) => byKind.flatMap((ofKind) => ofKind[index] ?? []));
  const injections = Math.min(firstMax, quick ? INJECTIONS.quick : INJECTIONS.full);
  const atOnce = quick ? PURCHASES_AT_ONCE.quick : PURCHASES_AT_ONCE.full;
  const disturb = async (): Promise<number> => {
    for (let index = 0; index < injections; index += 1) {
      const place = places[index % places.length];
      if (place === undefined) break;
      await hurt(place, random);
      await pause(random.below(BETWEEN_MS_MOST));
    }
    return injections;
  };
  const { injected, bought, violations, watch } = await underLoad(ground, { atOnce }, disturb);
  const slowest = (watch.slowestMs() / 1000).toFixed(1);
  const what = `${lines.length} lines, ${bought} purchases, slowest answer ${slowest} s`;
  return tell({ id: 'F4', what, seed, injected }, violations, say);
};

const hurt = async (
  { line, kind }: { readonly line: Line; readonly kind: Kind },
  random: SeededRandom,
): Promise<void> => {
  const { proxy } = line;
  if (kind === 'slow') {
    proxy.delay(LATENCY_MS);
    await pause(between(SLOW_FOR_MS, random));
    proxy.delay(0);
    return;
  }
  if (kind === 'half open') {
    proxy.freeze();
    await pause(between(SILENT_FOR_MS, random));
    // What was on its way when the other side fell silent never arrives, in one case of two.
    if (random.below(2) === 0) proxy.cut();
    proxy.thaw();
    return;
  }
  proxy.cut();
};

const between = ({ least, most }: { readonly least: number; readonly most: number }, random: SeededRandom): number =>
  least + random.below(most - least);
