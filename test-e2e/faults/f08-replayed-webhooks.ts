import { must } from '@quittance/kernel';

import { backToTrueTime, DAY_MS, letTimePassAtTheRail, MINUTE_MS } from './clocks.ts';
import { type FaultGround, onFaultGround } from './fault-ground.ts';
import { add, type Fault, type FaultOptions, NOTHING, type Sums, tell, type Violation } from './fault.ts';
import { PLAIN } from './grounds.ts';
import { inLanes } from './lanes.ts';
import { startLiveRail } from './live-rail.ts';
import { AT_ONCE, judgeMany, type Paid, payMany } from './many-purchases.ts';
import { openStandIn, postWebhook, type ProviderEvent, type StandIn } from './stand-in.ts';

/** Each event is replayed at three ages, with its old signature and with a new one, and into the other mode. */
const EVENTS = 100;
const QUICK_EVENTS = 6;
/** Live into test, test into live, live into live. */
const ACROSS = 3;
const AGES = [
  ['6 min', 6 * MINUTE_MS],
  ['4 d', 4 * DAY_MS],
  ['40 d', 40 * DAY_MS],
] as const;

interface Recorded {
  readonly event: ProviderEvent;
  /** As it came the first time: genuine then. */
  readonly signature: string;
}

interface Replay {
  readonly ground: FaultGround;
  readonly standIn: StandIn;
  readonly options: FaultOptions;
  readonly recorded: readonly Recorded[];
  readonly paid: readonly Paid[];
}

export const replayedWebhooksFault: Fault = {
  id: 'F8',
  title: 'valid webhooks replayed after 6 min, 4 d and 40 d; events of one mode into the other',
  seeds: 1,
  planned: EVENTS * (2 * AGES.length + ACROSS),
  run: (options) =>
    onFaultGround(options, PLAIN, async (ground) => {
      const standIn = openStandIn(ground.facts);
      try {
        const events = Math.min(options.quick ? QUICK_EVENTS : EVENTS, options.firstMax);
        const paid = await payMany(ground, events);
        const before = await judgeMany(ground, paid);
        const recorded = await record(ground, standIn, paid);
        const replay = { ground, standIn, options, recorded, paid };
        let sums = tell(
          { id: 'F8', what: `${events} purchases`, seed: options.seed, injected: 0 },
          before,
          options.say,
        );
        for (const [age, ageMs] of AGES) {
          await letTimePassAtTheRail(ground, standIn, ageMs);
          sums = add(sums, await replayAll(replay, age, ageMs));
        }
        return add(sums, await acrossModes(replay));
      } finally {
        await backToTrueTime(ground, standIn);
        await standIn.end();
      }
    }),
};

/** Taken on the wire: delivered once more at once, which proves that the bytes and the signature are good. */
const record = async (ground: FaultGround, standIn: StandIn, paid: readonly Paid[]): Promise<readonly Recorded[]> => {
  const events = await standIn.eventsOf(paid.map(({ orderId }) => orderId));
  const completed = events.filter(({ type }) => type === 'checkout.session.completed');
  return inLanes(completed, AT_ONCE, async (event, index) => {
    const signature = standIn.sign(event.body, Date.now());
    const status = await postWebhook(doorOf(ground, index), { body: event.body, signature });
    if (status !== 200) throw new Error(`A genuine webhook was answered ${status}.`);
    return { event, signature };
  });
};

const replayAll = async (replay: Replay, age: string, ageMs: number): Promise<Sums> => {
  const { ground, standIn, recorded, paid, options } = replay;
  const stale = await sameAsBefore(replay, () =>
    inLanes(recorded, AT_ONCE, async ({ event, signature }, index) =>
      answered(
        400,
        await postWebhook(doorOf(ground, index), { body: event.body, signature }),
        `${age} later, ${event.id}`,
      ),
    ),
  );
  const known = await sameAsBefore(replay, () =>
    inLanes(recorded, AT_ONCE, async ({ event: { id, body } }, index) => {
      const signature = standIn.sign(body, Date.now() + ageMs);
      return answered(
        200,
        await postWebhook(doorOf(ground, index), { body, signature }),
        `${age} later, signed anew, ${id}`,
      );
    }),
  );
  const line = { id: 'F8', seed: options.seed, injected: recorded.length, planned: paid.length };
  return add(
    tell({ ...line, what: `${age} later, as it was` }, stale, options.say),
    tell({ ...line, what: `${age} later, signed anew` }, known, options.say),
  );
};

/** A live installation beside the test one, each with its own endpoint; both secrets are known to the sender. */
const acrossModes = async (replay: Replay): Promise<Sums> => {
  const { ground, standIn, recorded, paid, options } = replay;
  const rail = await startLiveRail(ground.facts);
  try {
    const passedMs = must(AGES.at(-1), 'the greatest age')[1];
    const intoTest = await sameAsBefore(replay, () =>
      inLanes(recorded, AT_ONCE, async ({ event }, index) => {
        const body = inLiveMode(event);
        const signature = standIn.sign(body, Date.now() + passedMs);
        return answered(400, await postWebhook(doorOf(ground, index), { body, signature }), `live ${event.id} in test`);
      }),
    );
    const intoLive = await inLanes(recorded, AT_ONCE, async ({ event }) => {
      const signature = standIn.sign(event.body, Date.now());
      return answered(400, await postWebhook(rail.url, { body: event.body, signature }), `test ${event.id} in live`);
    });
    const itsOwn = await inLanes(recorded, AT_ONCE, async ({ event }) => {
      const body = inLiveMode(event);
      return answered(200, await postWebhook(rail.url, { body, signature: standIn.sign(body, Date.now()) }), event.id);
    });
    const stored = await rail.storedEvents();
    const kept: readonly Violation[] =
      stored === recorded.length
        ? []
        : [violation('doubled', `${stored} events in the live inbox instead of ${recorded.length} live ones`)];
    const line = { id: 'F8', seed: options.seed, injected: recorded.length, planned: paid.length };
    return [
      tell({ ...line, what: 'live events into test mode' }, intoTest, options.say),
      tell({ ...line, what: 'test events into live mode' }, intoLive.flat(), options.say),
      tell({ ...line, what: 'live events into live mode' }, [...itsOwn.flat(), ...kept], options.say),
    ].reduce(add, NOTHING);
  } finally {
    await rail.stop();
  }
};

const inLiveMode = ({ body }: ProviderEvent): string => body.replaceAll('"livemode": false', '"livemode": true');

const doorOf = ({ gatewayUrls }: FaultGround, index: number): string =>
  `${must(gatewayUrls[index % gatewayUrls.length], 'a gateway')}/webhooks/stripe`;

const answered = (wanted: number, got: number, what: string): readonly Violation[] =>
  got === wanted ? [] : [violation(got < 300 ? 'doubled' : 'lost', `${what}: answered ${got}, not ${wanted}`)];

/** What these purchases have left behind, everywhere: no replay may change a row of it. */
const sameAsBefore = async (
  { ground, paid }: Replay,
  work: () => Promise<readonly (readonly Violation[])[]>,
): Promise<readonly Violation[]> => {
  const before = await footprint(ground, paid);
  const violations = (await work()).flat();
  const after = await footprint(ground, paid);
  return after === before ? violations : [...violations, violation('doubled', 'a replay changed what was booked')];
};

const footprint = async ({ truths }: FaultGround, paid: readonly Paid[]): Promise<string> => {
  const accounts = paid.map(({ account }) => account);
  const orders = paid.map(({ orderId }) => orderId);
  const [events, railOrders, invoices, payments, subscriptions, records] = await Promise.all([
    truths.rows('payments-card', 'SELECT id, state, attempts FROM provider_events ORDER BY id'),
    truths.rows('payments-card', 'SELECT id, version, state FROM orders WHERE id = ANY ($1::text[]) ORDER BY id', [
      orders,
    ]),
    truths.rows(
      'invoicing',
      'SELECT id, version, status FROM invoices WHERE account_id = ANY ($1::text[]) ORDER BY id',
      [accounts],
    ),
    truths.rows('invoicing', 'SELECT id FROM payments WHERE account_id = ANY ($1::text[]) ORDER BY id', [accounts]),
    truths.rows(
      'subscription',
      'SELECT id, version FROM subscriptions WHERE account_id = ANY ($1::text[]) ORDER BY id',
      [accounts],
    ),
    truths.rows('audit', 'SELECT id FROM audit_records WHERE account_id = ANY ($1::text[]) ORDER BY id', [accounts]),
  ]);
  return JSON.stringify([events, railOrders, invoices, payments, subscriptions, records]);
};

const violation = (harm: Violation['harm'], what: string): Violation => ({ invariant: 'F8', harm, what });
