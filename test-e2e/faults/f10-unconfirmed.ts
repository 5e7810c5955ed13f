import { must } from '@quittance/kernel';
import { CARDS, until } from '@quittance/local';

import { BUS_HARMS, type BusHarm, CONSUMERS, type Scene, unsent } from './bus-harm.ts';
import { killedBeforeItConfirms } from './confirm-harm.ts';
import { type FaultGround, onFaultGround } from './fault-ground.ts';
import { add, type Fault, type FaultOptions, NOTHING, type Sums, tell, type Violation } from './fault.ts';
import { queueFull } from './full-queue-harm.ts';
import { TOLD_BY_MESSAGE } from './grounds.ts';
import { countTo, inLanes } from './lanes.ts';
import { judgeMany, payMany } from './many-purchases.ts';
import { buy, newAccount, openCheckout, type Purchase } from './purchase.ts';
import { makeRandom } from './seeded-random.ts';

const HARMS = [...BUS_HARMS, queueFull, killedBeforeItConfirms];
/** Of each kind. */
const ROUNDS = Math.ceil(200 / HARMS.length);
const QUICK_ROUNDS = 1;
const AT_ONCE = 3;

const PATIENTLY = { deadlineMs: 60_000, everyMs: 100 } as const;

export const unconfirmedFault: Fault = {
  id: 'F10',
  title: 'messages that no queue takes, that the broker returns, refuses or never confirms',
  seeds: 1,
  planned: ROUNDS * HARMS.length,
  run: (options) => onFaultGround(options, TOLD_BY_MESSAGE, (ground) => everyHarm(ground, options)),
};

const everyHarm = async (ground: FaultGround, options: FaultOptions): Promise<Sums> => {
  const broker = must(ground.broker, 'a broker of its own');
  const random = makeRandom(options.seed);
  const rounds = Math.min(options.quick ? QUICK_ROUNDS : ROUNDS, options.firstMax);
  let sums = NOTHING;
  for (const harm of HARMS) {
    for (const _ of countTo(rounds)) {
      const victim = random.pick(CONSUMERS);
      const queue = `${ground.facts.databasePrefix}.quittance.${victim}`;
      if (options.only !== null && !harm.what.includes(options.only)) continue;
      sums = add(sums, await oneRound({ ground, broker, victim, queue }, harm, options));
    }
  }
  return sums;
};

/** Some have opened a page before and pay now, others buy while it happens; in the end everybody has what they paid for. */
const oneRound = async (scene: Scene, harm: BusHarm, { seed, say }: FaultOptions): Promise<Sums> => {
  const { ground, victim } = scene;
  const waiting = await inLanes(countTo(AT_ONCE), AT_ONCE, async () => {
    const account = newAccount();
    return { account, ...(await openCheckout(ground, account)) };
  });
  await until('nothing unsent', () => unsent(ground), { ...PATIENTLY, enough: (count) => count === 0 });
  const stuck: Violation[] = [];
  const failed = (error: unknown): readonly Purchase[] => {
    stuck.push({ invariant: 'purchase', harm: 'stuck', what: String(error) });
    return [];
  };
  let injected = 0;
  let buying: Promise<readonly Purchase[]> = Promise.resolve([]);
  try {
    const hit = await harm.inflict(scene);
    buying = payAndBuy(ground, waiting).catch(failed);
    await hit();
    injected = 1;
  } catch (error) {
    // Whoever was not hurt has not shown anything either.
    stuck.push({ invariant: 'F10', harm: 'stuck', what: String(error) });
  } finally {
    await harm.mend(scene);
  }
  const bought = await buying;
  // Nobody buys behind a purchase that has failed: the line is red, and it would take as long again.
  const more = stuck.length > 0 ? [] : await payMany(ground, 1).catch(failed);
  const purchases = [...bought, ...more];
  const violations = [...stuck, ...(await judgeMany(ground, purchases))];
  return tell({ id: 'F10', what: `${harm.what} (${victim})`, seed, injected }, violations, say);
};

const payAndBuy = async (
  ground: FaultGround,
  waiting: readonly (Purchase & { readonly payUrl: string })[],
): Promise<readonly Purchase[]> => {
  const [begun] = await Promise.all([
    inLanes(countTo(AT_ONCE), AT_ONCE, () => buy(ground)),
    inLanes(waiting, AT_ONCE, ({ payUrl }) => ground.shopper.pay(payUrl, CARDS.succeeds)),
  ]);
  return [...begun, ...waiting];
};
