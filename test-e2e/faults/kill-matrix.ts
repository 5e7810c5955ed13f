import { SubscriptionBeat } from '@quittance/contracts';
import { type ProcessName } from '@quittance/local';
import { DURABLE_STEPS, type DurableStep, type KillPoint } from '@quittance/runtime';

export type Owner = Exclude<ProcessName, 'console'>;

/** What a customer, an operator, the bus, the provider or time does while a process dies; `kill-flows.ts` says how. */
export const FLOWS = [
  'purchase',
  'superseded',
  'mistaken',
  'coupon',
  'upgrade',
  'downgrade',
  'plan_move',
  'lost_move',
  'renewal',
  'declined',
  'lost_answer',
  'lost_race',
  'beat',
  'transient',
  'poison',
  'unsettled_order',
  'unsettled_event',
] as const;
export type Flow = (typeof FLOWS)[number];

const SELLERS = ['subscription', 'invoicing', 'payments-card'] as const;
const CONSUMERS = [...SELLERS, 'gateway', 'audit'] as const;
/** Catalog counts what a coupon gave, and so hears of every invoice that is paid. */
const HEARERS = [...CONSUMERS, 'catalog'] as const;

/** Flows that are done once for each of these services: it is the one that is hurt besides. */
const AIMED: Partial<Record<Flow, readonly Owner[]>> = { transient: CONSUMERS, poison: HEARERS };

/** The services a flow is aimed at, one after the other; one null for a flow that hurts nobody besides. */
export const aimsOf = (flow: Flow): readonly (Owner | null)[] => AIMED[flow] ?? [null];

/** Another flow with something more in it: what the other one passes is killed there. */
const BASES: Partial<Record<Flow, Flow>> = {
  superseded: 'purchase',
  transient: 'purchase',
  poison: 'purchase',
  unsettled_order: 'purchase',
  unsettled_event: 'purchase',
  lost_move: 'plan_move',
  lost_answer: 'renewal',
  lost_race: 'renewal',
};

/**
 * Which services are known to take a durable step in which flow. A quick run draws from it; a whole one kills at all
 * that it sees passed, and is red when something of this is not. What a flow has from its base is not said again.
 */
const TAKEN: Record<DurableStep, Partial<Record<Flow, readonly Owner[]>>> = {
  'unit_of_work.commit': {
    purchase: CONSUMERS,
    coupon: HEARERS,
    upgrade: CONSUMERS,
    downgrade: ['subscription'],
    plan_move: ['subscription'],
    renewal: SELLERS,
    declined: SELLERS,
    beat: ['subscription', 'gateway'],
  },
  'relay.publish': {
    purchase: SELLERS,
    coupon: [...SELLERS, 'catalog'],
    upgrade: SELLERS,
    downgrade: ['subscription'],
    plan_move: ['subscription'],
    renewal: SELLERS,
    declined: SELLERS,
    beat: ['subscription'],
  },
  'relay.mark_sent': {
    purchase: SELLERS,
    coupon: [...SELLERS, 'catalog'],
    renewal: SELLERS,
    beat: ['subscription'],
  },
  'consumer.handle': { purchase: HEARERS, upgrade: SELLERS, renewal: SELLERS, beat: ['gateway'] },
  'consumer.acknowledge': { purchase: HEARERS, beat: ['gateway'] },
  'consumer.retry': { transient: CONSUMERS },
  'consumer.dead_letter': { poison: HEARERS },
  'inbox.mark': { purchase: ['catalog'], superseded: ['subscription', 'invoicing'] },
  'dead_letter.store': { poison: HEARERS },
  'idempotency.begin': { purchase: ['subscription'], upgrade: ['subscription'], downgrade: ['subscription'] },
  'idempotency.save': { purchase: ['subscription'], upgrade: ['subscription'], downgrade: ['subscription'] },
  'idempotency.release': { mistaken: ['subscription'] },
  'webhook.store': { purchase: ['payments-card'], upgrade: ['payments-card'] },
  'order.claim': { purchase: ['payments-card'], renewal: ['payments-card'] },
  'order.put_back': { unsettled_order: ['payments-card'] },
  'provider_event.claim': { purchase: ['payments-card'] },
  'provider_event.put_back': { unsettled_event: ['payments-card'] },
  'due.claim': { renewal: ['subscription'], downgrade: ['subscription'] },
  'due.release': { lost_race: ['subscription'] },
  'plan_move.claim': { plan_move: ['subscription'] },
  'plan_move.release': { lost_move: ['subscription'] },
  'provider.open_order': { purchase: ['payments-card'], upgrade: ['payments-card'] },
  'provider.read_order': { purchase: ['payments-card'], upgrade: ['payments-card'] },
  'provider.close_order': { superseded: ['payments-card'] },
  'provider.charge': { renewal: ['payments-card'], declined: ['payments-card'] },
  'provider.read_charge': { lost_answer: ['payments-card'] },
  'audit.store': { purchase: ['audit'] },
  'audit.seal': { purchase: ['audit'] },
};

/** Where a process is killed: at a point, or at those of its passings that are of one kind. */
export interface KillPlace {
  readonly flow: Flow;
  readonly aim: Owner | null;
  readonly service: Owner;
  readonly place: KillPoint | `${KillPoint} ${string}`;
  /** How often one process passes it in one run: a seed draws which of them it dies at. */
  readonly passings: number;
  /** Passed whenever the flow is run, not only when two things happen to meet. */
  readonly certain: boolean;
}

/** Both sides of every step, in every service that is known to take it. */
export const knownPlaces = (): readonly KillPlace[] =>
  DURABLE_STEPS.flatMap((step) =>
    FLOWS.flatMap((flow) =>
      aimsOf(flow).flatMap((aim) =>
        (TAKEN[step][flow] ?? [])
          .filter((service) => aim === null || aim === service)
          .flatMap((service) =>
            (['before', 'after'] as const).map((side): KillPlace => {
              const place: KillPoint = `${step}:${side}`;
              return { flow, aim, service, place, passings: 1, certain: true };
            }),
          ),
      ),
    ),
  );

const stepOf = ({ place }: Pick<KillPlace, 'place'>): string => place.split(':', 1)[0] ?? '';

/** It comes when it comes. */
const SLOW: Flow = 'beat';

/** What a quick run draws from. */
const ESSENTIAL: ReadonlySet<string> = new Set<DurableStep>([
  'unit_of_work.commit',
  'relay.publish',
  'webhook.store',
  'idempotency.release',
  'order.put_back',
  'provider_event.put_back',
  'due.release',
  'plan_move.claim',
  'plan_move.release',
  'provider.open_order',
  'provider.read_order',
  'provider.close_order',
  'provider.charge',
  'provider.read_charge',
  'consumer.retry',
  'consumer.dead_letter',
]);

export const essentialPlaces = (): readonly KillPlace[] =>
  knownPlaces().filter((place) => place.flow !== SLOW && ESSENTIAL.has(stepOf(place)));

/**
 * What time alone brings about meets any flow by chance: it is killed in the one that waits for it, and is no part of
 * another.
 */
export const belongsTo = (flow: Flow, place: string): boolean =>
  place.endsWith(` ${SubscriptionBeat.type}`) === (flow === 'beat');

/** A claim that found nothing has written nothing. */
const wroteNothing = ({ place }: KillPlace): boolean => place.endsWith('.claim:after');

/** Of all that was seen passed: what is killed at, each in the flow that brings it about. */
export const placesSeen = (seen: readonly KillPlace[]): readonly KillPlace[] => {
  const passed = new Set(seen.filter(({ certain }) => certain).map((each) => `${each.flow} ${nameOf(each)}`));
  return seen.filter((each) => {
    const base = BASES[each.flow];
    return !wroteNothing(each) && (base === undefined || !passed.has(`${base} ${nameOf(each)}`));
  });
};

/**
 * Each step of each service in each flow once, on both sides: of its kinds (message types, actions, routes) another one
 * for the next seed, so that five seeds kill at five of them. What is passed by chance is left to `--kinds`, where
 * anything else is passed.
 */
export const oneKindEach = (places: readonly KillPlace[], seed: number): readonly KillPlace[] => {
  const kinds = Map.groupBy(places, (each) => keyOf({ ...each, place: pointOf(each) }));
  return [...kinds.values()].flatMap((all, index) => {
    const certain = all.filter((each) => each.certain);
    const sorted = (certain.length === 0 ? all : certain).toSorted((a, b) => a.place.localeCompare(b.place, 'en'));
    return sorted[(seed - 1 + index) % sorted.length] ?? [];
  });
};

/** `relay.publish:after` of `relay.publish:after invoice.paid.v1`. */
const pointOf = ({ place }: Pick<KillPlace, 'place'>): string => place.split(' ', 1)[0] ?? '';

const nameOf = ({ service, place }: Pick<KillPlace, 'service' | 'place'>): string => `${service} ${place}`;

/** What is known to be passed, and was not seen: the table says more than there is, or something is not done any more. */
export const unseen = (seen: readonly KillPlace[]): readonly string[] => {
  const points = new Set(seen.map(({ place, ...each }) => keyOf({ ...each, place: pointOf({ place }) })));
  return knownPlaces()
    .map(keyOf)
    .filter((key) => !points.has(key));
};

/** What is seen in a flow and the table does not say of any: a step that a quick run never kills at. */
export const unlisted = (seen: readonly KillPlace[]): readonly string[] => {
  const listed = new Set(knownPlaces().map((each) => `${each.service} ${stepOf(each)}`));
  const found = placesSeen(seen)
    .filter(({ certain }) => certain)
    .map((each) => `${each.service} ${stepOf(each)}`);
  return [...new Set(found)].filter((each) => !listed.has(each));
};

const keyOf = ({
  flow,
  aim,
  service,
  place,
}: Pick<KillPlace, 'flow' | 'aim' | 'service'> & { place: string }): string =>
  `${flow}${aim === null ? '' : ` at ${aim}`}: ${service} ${place}`;

export const told = (place: KillPlace): string => keyOf(place);
