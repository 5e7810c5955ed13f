import { toError } from '@quittance/kernel';
import { CARDS, PURCHASE_TRAIL, until } from '@quittance/local';

import { CHARGE_KINDS, chargesUnanswered } from './charges-unanswered.ts';
import { backToTrueTime, letTimePassAtTheRail, offBy, setClocks, TRUE_TIME } from './clocks.ts';
import { onFaultGround } from './fault-ground.ts';
import { add, type Fault, type FaultOptions, NOTHING, type Sums, tell, type Violation } from './fault.ts';
import { ASKING_SOON, CALL_DEADLINE_MS } from './grounds.ts';
import { countTo, inLanes, inPieces } from './lanes.ts';
import { AT_ONCE, judgeMany, payMany } from './many-purchases.ts';
import { providerDown } from './provider-down.ts';
import { buy, newAccount, openCheckout, type Purchase, WISH } from './purchase.ts';
import { openStandIn, type StandInFault } from './stand-in.ts';
import { oneSessionEach, type Trouble } from './trouble.ts';

const OPEN = 'POST /v1/checkout/sessions';
const READ = 'GET /v1/checkout/sessions/*';
const CLOSE = 'POST /v1/checkout/sessions/*/expire';

/** `each`: how many purchases meet it. Their sum with the charges of renewals and the two outages is 1,700. */
const TROUBLES: readonly Trial[] = [
  { doing: 'opening', match: OPEN, kinds: ['answer_lost', '500', '502', 'hang', 'reset', '409', '429'], each: 100 },
  { doing: 'reading', match: READ, kinds: ['500', '502', 'hang', 'reset'], each: 50 },
  { doing: 'closing', match: CLOSE, kinds: ['answer_lost', '500', '502', 'hang'], each: 50 },
];
const CHARGES = 50;
const RACES = 200;
const DOWN = 200;
const QUICK_EACH = 3;
const PIECE = 25;
/** Trouble is used up by calls alone, and an open breaker lets one through every five seconds: two minutes of outage. */
const PATIENCE_MS = 240_000;
/** More than a lease, and less than a customer waits: what the fast clock puts off comes when the other gets there. */
const AHEAD_MS = 20_000;

export const providerTroubleFault: Fault = {
  id: 'F9',
  title: 'charged and the answer lost; 500, 502, time-out; down for 25 h; two workers at once',
  seeds: 1,
  planned:
    TROUBLES.reduce((sum, { kinds, each }) => sum + kinds.length * each, 0) +
    CHARGE_KINDS.length * CHARGES +
    RACES +
    DOWN,
  run: (options) =>
    onFaultGround(options, ASKING_SOON, async (ground) => {
      const standIn = openStandIn(ground.facts);
      const trouble = { ground, standIn, options };
      try {
        let sums = NOTHING;
        for (const [what, run] of TRIALS) {
          if (options.only !== null && !what.includes(options.only)) continue;
          sums = add(sums, await run(trouble, what).catch((error: unknown) => brokenOff(trouble, what, error)));
        }
        return sums;
      } finally {
        await backToTrueTime(ground, standIn);
        await standIn.end();
      }
    }),
};

const share = ({ quick, firstMax }: FaultOptions, all: number): number => Math.min(quick ? QUICK_EACH : all, firstMax);

interface Trial {
  readonly doing: string;
  readonly match: string;
  readonly kinds: readonly StandInFault['kind'][];
  readonly each: number;
}

interface Meeting {
  readonly what: string;
  readonly match: string;
  readonly kind: StandInFault['kind'];
  readonly count: number;
}

const meet = async (trouble: Trouble, { what, match, kind, count }: Meeting): Promise<Sums> => {
  const { ground, standIn, options } = trouble;
  let sums = NOTHING;
  for (const piece of inPieces(countTo(count), PIECE)) {
    if (match !== CLOSE) await standIn.hurt({ match, kind, times: piece.length, ms: 4 * CALL_DEADLINE_MS });
    const stuck: Violation[] = [];
    const buying =
      match === CLOSE
        ? changeMinds(trouble, { kind, count: piece.length })
        : payMany({ ...ground, patienceMs: PATIENCE_MS }, piece.length);
    const purchases = await buying.catch((error: unknown): readonly Purchase[] => {
      stuck.push({ invariant: 'purchase', harm: 'stuck', what: toError(error).message });
      return [];
    });
    // A checkout that another gave way to has one more record.
    const records = match === CLOSE ? PURCHASE_TRAIL.length + 1 : PURCHASE_TRAIL.length;
    const judged = [...(await judgeMany(ground, purchases, records)), ...(await oneSessionEach(trouble, purchases))];
    const violations = [...stuck, ...judged];
    const left = await standIn.faultsLeft();
    await standIn.heal();
    const line = { id: 'F9', what, seed: options.seed, injected: piece.length - left };
    sums = add(sums, tell(line, violations, options.say));
  }
  return sums;
};

/** A first checkout is given up for a second one while the provider will not close it; only the second is paid. */
const changeMinds = async (
  trouble: Trouble,
  { kind, count }: Pick<Meeting, 'kind' | 'count'>,
): Promise<readonly Purchase[]> => {
  const { ground, standIn } = trouble;
  const first = await inLanes(countTo(count), AT_ONCE, async () => {
    const account = newAccount();
    return { account, ...(await openCheckout(ground, account, { ...WISH, interval: 'year' })) };
  });
  await standIn.hurt({ match: CLOSE, kind, times: count, ms: 4 * CALL_DEADLINE_MS });
  return inLanes(first, AT_ONCE, async ({ account, payUrl }) => {
    const purchase = await buy({ ...ground, patienceMs: PATIENCE_MS }, account);
    // Trying to pay before would be paying: an old page is good until the provider has closed it.
    await until('the first checkout to be closed', () => sessionOf(trouble, payUrl), {
      enough: (status) => status === 'expired',
      deadlineMs: PATIENCE_MS,
      everyMs: 100,
    });
    await ground.shopper.pay(payUrl, CARDS.succeeds);
    return purchase;
  });
};

/** One replica's clock is ahead by more than a lease, so both work on whatever is due, while the provider is slow. */
const twoWorkers = async (trouble: Trouble, what: string): Promise<Sums> => {
  const { ground, standIn, options } = trouble;
  await setClocks(ground, ({ service, replica }) =>
    service === 'payments-card' && replica === 1 ? offBy(AHEAD_MS) : TRUE_TIME,
  );
  let sums = NOTHING;
  for (const piece of inPieces(countTo(share(options, RACES)), PIECE)) {
    await standIn.hurt({ match: '*', kind: 'latency', times: 1_000_000, ms: CALL_DEADLINE_MS / 2 });
    const purchases = await inLanes(piece, AT_ONCE, () => buy(ground));
    const violations = [...(await judgeMany(ground, purchases)), ...(await oneSessionEach(trouble, purchases))];
    await standIn.heal();
    sums = add(sums, tell({ id: 'F9', what, seed: options.seed, injected: piece.length }, violations, options.say));
  }
  await setClocks(ground, () => TRUE_TIME);
  return sums;
};

/** It goes on with the next in a world that is whole. */
const brokenOff = async ({ ground, standIn, options }: Trouble, what: string, error: unknown): Promise<Sums> => {
  await standIn.heal();
  await standIn.holdWebhooks(false);
  await letTimePassAtTheRail(ground, standIn, 0);
  const violation = { invariant: 'F9', harm: 'stuck', what: toError(error).message } as const;
  return tell({ id: 'F9', what, seed: options.seed, injected: 0 }, [violation], options.say);
};

const sessionOf = async ({ ground }: Trouble, payUrl: string): Promise<string | null> => {
  const { sessions } = await ground.truths.books();
  return sessions.find(({ id }) => payUrl.endsWith(id))?.status ?? null;
};

/** Everything there is, by the name that its line and `--only` have for it. */
const TRIALS: readonly (readonly [what: string, run: (trouble: Trouble, what: string) => Promise<Sums>])[] = [
  ...TROUBLES.flatMap(({ doing, match, kinds, each }) =>
    kinds.map(
      (kind) =>
        [
          `${kind} while ${doing}`,
          (trouble: Trouble, what: string) => meet(trouble, { what, match, kind, count: share(trouble.options, each) }),
        ] as const,
    ),
  ),
  ...CHARGE_KINDS.map(
    (kind) =>
      [
        `${kind} while charging a stored card`,
        (trouble: Trouble, what: string) =>
          chargesUnanswered(trouble, { what, kind, count: share(trouble.options, CHARGES) }),
      ] as const,
  ),
  ['two workers on one order, slow answers', twoWorkers],
  ['the provider down for 25 h', (trouble) => providerDown(trouble, share(trouble.options, DOWN))],
];
