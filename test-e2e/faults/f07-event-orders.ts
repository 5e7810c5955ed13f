import { must } from '@quittance/kernel';
import { until } from '@quittance/local';

import { backToTrueTime, HOUR_MS, letTimePassAtTheRail } from './clocks.ts';
import { type FaultGround, onFaultGround } from './fault-ground.ts';
import { add, type Fault, type FaultOptions, NOTHING, type Sums, tell, type Violation } from './fault.ts';
import { TOLD_BY_MESSAGE } from './grounds.ts';
import { countTo, inLanes, inPieces, permutations } from './lanes.ts';
import { AT_ONCE, judgeMany, type Paid, payMany, RECORDS_WITH_DECLINE } from './many-purchases.ts';
import { makeRandom, type SeededRandom } from './seeded-random.ts';
import { openStandIn, postWebhook, type ProviderEvent, type StandIn } from './stand-in.ts';

/** What one payment makes the provider say, after a first card that was declined. */
const CHAIN = [
  'payment_intent.created',
  'payment_intent.payment_failed',
  'charge.succeeded',
  'payment_intent.succeeded',
  'checkout.session.completed',
] as const;

/** Of them, each another. */
const ORDERS = permutations(CHAIN);

const PIECE = 12;
const QUICK_ORDERS = 12;
const LATE_EVENTS = 800;
const LATEST_HOURS = 72;
const QUICK_LATE_HOURS = 3;

interface Courier {
  readonly ground: FaultGround;
  readonly standIn: StandIn;
  readonly random: SeededRandom;
  readonly options: FaultOptions;
  /** How far the provider's clock, and that of the rail, has been moved. */
  readonly passedMs: number;
}

export const eventOrdersFault: Fault = {
  id: 'F7',
  title: 'every order of the five events of a payment; events 1 to 72 h late',
  seeds: 1,
  planned: ORDERS.length + LATE_EVENTS,
  run: (options) =>
    // A sweep would bring the news before the webhooks do.
    onFaultGround(options, TOLD_BY_MESSAGE, async (ground) => {
      const standIn = openStandIn(ground.facts);
      const courier = { ground, standIn, random: makeRandom(options.seed), options, passedMs: 0 };
      try {
        await standIn.holdWebhooks(true);
        const inAnyOrder = await everyOrder(courier);
        const late = await everyDelay(courier);
        // The provider now sends all of them itself, as it does with what nobody has acknowledged to it.
        await standIn.holdWebhooks(false);
        return add(inAnyOrder, late);
      } finally {
        await backToTrueTime(ground, standIn);
        await standIn.end();
      }
    }),
};

const everyOrder = async (courier: Courier): Promise<Sums> => {
  const { options, random } = courier;
  const orders = options.quick ? random.shuffled(ORDERS).slice(0, QUICK_ORDERS) : ORDERS;
  let sums = NOTHING;
  for (const piece of inPieces(orders.slice(0, options.firstMax), PIECE)) {
    const paid = await payMany(courier.ground, piece.length, { declineFirst: true });
    const work = await inLanes(paid, AT_ONCE, (purchase, index) =>
      deliverInOrder(courier, purchase, must(piece[index], 'an order of events')),
    );
    const violations = [...work.flat(), ...(await judgeMany(courier.ground, paid, RECORDS_WITH_DECLINE))];
    const what = `${piece.length} orders of the ${CHAIN.length} events of a payment`;
    sums = add(sums, tell({ id: 'F7', what, seed: options.seed, injected: piece.length }, violations, options.say));
  }
  return sums;
};

/** Hours later the sweep has work as well: it and the late events may meet. */
const everyDelay = async (courier: Courier): Promise<Sums> => {
  const { ground, standIn, random, options } = courier;
  const hours = countTo(LATEST_HOURS).map((index) => index + 1);
  const tried = options.quick ? random.shuffled(hours).slice(0, QUICK_LATE_HOURS) : hours;
  const events = Math.min(options.quick ? QUICK_LATE_HOURS * CHAIN.length : LATE_EVENTS, options.firstMax);
  const payments = Math.ceil(events / CHAIN.length);
  let sums = NOTHING;
  let passedMs = courier.passedMs;
  for (const [index, late] of tried.slice(0, payments).entries()) {
    // Spread evenly: the first hours have one more where they do not divide.
    const each = Math.ceil((payments - index) / tried.length);
    const paid = await payMany(ground, each, { declineFirst: true });
    passedMs += late * HOUR_MS;
    await letTimePassAtTheRail(ground, standIn, passedMs);
    const work = await inLanes(paid, AT_ONCE, (purchase) =>
      deliverInOrder({ ...courier, passedMs }, purchase, random.shuffled(CHAIN)),
    );
    const violations = [...work.flat(), ...(await judgeMany(ground, paid, RECORDS_WITH_DECLINE))];
    const injected = each * CHAIN.length;
    const what = `${injected} events of ${each} payments, ${late} h late`;
    sums = add(sums, tell({ id: 'F7', what, seed: options.seed, injected }, violations, options.say));
  }
  return sums;
};

/** One after the other, the next when the former is worked off, so that work too is done in this order. */
const deliverInOrder = async (
  { ground, standIn, passedMs }: Courier,
  { orderId }: Paid,
  order: readonly string[],
): Promise<readonly Violation[]> => {
  const events = await standIn.eventsOf([orderId]);
  const violations: Violation[] = [];
  for (const [index, type] of order.entries()) {
    const event = must(
      events.find((candidate) => candidate.type === type),
      `event ${type} of ${orderId}`,
    );
    const url = must(ground.gatewayUrls[index % ground.gatewayUrls.length], 'a gateway');
    const signature = standIn.sign(event.body, Date.now() + passedMs);
    const status = await postWebhook(`${url}/webhooks/stripe`, { body: event.body, signature });
    if (status !== 200) violations.push({ invariant: 'F7', harm: 'lost', what: `${type} was answered ${status}` });
    else violations.push(...(await untilWorkedOff(ground, event)));
  }
  return violations;
};

const untilWorkedOff = ({ truths }: FaultGround, { id, type }: ProviderEvent): Promise<readonly Violation[]> =>
  until(
    `${type} to be worked off`,
    () => truths.rows<{ state: string }>('payments-card', 'SELECT state FROM provider_events WHERE id = $1', [id]),
    { enough: (rows) => rows.some(({ state }) => state !== 'received'), deadlineMs: 60_000 },
  ).then(
    () => [],
    (error: unknown) => [{ invariant: 'I4', harm: 'stuck', what: String(error) }],
  );
