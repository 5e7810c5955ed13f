import { type FaultGround, onFaultGround } from './fault-ground.ts';
import { add, type Fault, type FaultOptions, NOTHING, type Sums, tell, type Violation } from './fault.ts';
import { PLAIN } from './grounds.ts';
import { countTo, inPieces } from './lanes.ts';
import { judgeMany, type Paid, payMany, RECORDS_WITH_DECLINE } from './many-purchases.ts';
import { openStandIn, type StandIn, untilDelivered } from './stand-in.ts';

const COPIES = 3;

/** A decline, a payment that succeeds and its session: three events a purchase, nine deliveries. */
const EVENTS_EACH = 3;
const DELIVERIES = 15_000;
const QUICK_DELIVERIES = 180;
const PIECE = 100;

export const webhooksThriceFault: Fault = {
  id: 'F6',
  title: 'every webhook three times, to two replicas at once',
  seeds: 1,
  planned: DELIVERIES,
  run: (options) =>
    onFaultGround(options, PLAIN, async (ground) => {
      const standIn = openStandIn(ground.facts);
      try {
        await standIn.deliverTo(urlsOf(ground), COPIES);
        const deliveries = Math.min(options.quick ? QUICK_DELIVERIES : DELIVERIES, options.firstMax);
        const purchases = Math.ceil(deliveries / (COPIES * EVENTS_EACH));
        let sums = NOTHING;
        for (const piece of inPieces(countTo(purchases), PIECE)) {
          sums = add(sums, await buyWithCopies(ground, standIn, { count: piece.length, options }));
        }
        return sums;
      } finally {
        await standIn.deliverTo(urlsOf(ground).slice(0, 1), 1);
        await standIn.end();
      }
    }),
};

const urlsOf = ({ gatewayUrls }: FaultGround): readonly string[] => gatewayUrls.map((url) => `${url}/webhooks/stripe`);

const buyWithCopies = async (
  ground: FaultGround,
  standIn: StandIn,
  { count, options }: { readonly count: number; readonly options: FaultOptions },
): Promise<Sums> => {
  const before = (await standIn.backlog()).delivered;
  const paid = await payMany(ground, count, { declineFirst: true });
  const violations = [...(await judgeMany(ground, paid, RECORDS_WITH_DECLINE))];
  const backlog = await untilDelivered(standIn);
  violations.push(...(await eventsStored(ground, standIn, paid)));
  const injected = (backlog.delivered - before) * COPIES;
  const what = `${count} purchases, each event to ${ground.gatewayUrls.length} replicas`;
  return tell(
    { id: 'F6', what, seed: options.seed, injected, planned: count * EVENTS_EACH * COPIES },
    violations,
    options.say,
  );
};

/** I4, from the provider's side: what was answered 2xx is in the inbox. Twice it cannot be: its id is the key. */
const eventsStored = async (
  { truths }: FaultGround,
  standIn: StandIn,
  paid: readonly Paid[],
): Promise<readonly Violation[]> => {
  const events = await standIn.eventsOf(paid.map(({ orderId }) => orderId));
  const sent = events.filter(({ type }) => DELIVERED.has(type)).map(({ id }) => id);
  const rows = await truths.rows<{ id: string }>(
    'payments-card',
    'SELECT id FROM provider_events WHERE id = ANY ($1::text[])',
    [sent],
  );
  const stored = new Set(rows.map(({ id }) => id));
  return sent
    .filter((id) => !stored.has(id))
    .map((id) => ({ invariant: 'I4', harm: 'lost', what: `${id} was answered 2xx and is not in the inbox` }));
};

const DELIVERED: ReadonlySet<string> = new Set([
  'payment_intent.payment_failed',
  'payment_intent.succeeded',
  'checkout.session.completed',
]);
