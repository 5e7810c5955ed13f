import { type ProcessName } from '@quittance/local';
import { DURABLE_STEPS, type DurableStep } from '@quittance/runtime';

export type Owner = Exclude<ProcessName, 'console'>;

/**
 * What a customer, or the bus, does while a process dies: a purchase; one that replaces an open checkout; one during
 * which a handler fails once; one while something unreadable lies in a queue. Or what time does: a renewal.
 */
export const FLOWS = ['purchase', 'superseded', 'transient', 'poison', 'renewal'] as const;
export type Flow = (typeof FLOWS)[number];

const SELLERS = ['subscription', 'invoicing', 'payments-card'] as const;
const CONSUMERS = [...SELLERS, 'gateway', 'audit'] as const;
/** Catalog counts what a coupon gave, and so hears of every invoice that is paid. */
const HEARERS = [...CONSUMERS, 'catalog'] as const;

/** Which services take a durable step in which flow. A flow is listed for what only it takes. */
const TAKEN: Record<DurableStep, Partial<Record<Flow, readonly Owner[]>>> = {
  'unit_of_work.commit': { purchase: CONSUMERS, renewal: SELLERS },
  'relay.publish': { purchase: SELLERS, renewal: SELLERS },
  'relay.mark_sent': { purchase: SELLERS },
  'consumer.handle': { purchase: HEARERS, renewal: SELLERS },
  'consumer.acknowledge': { purchase: HEARERS },
  'consumer.retry': { transient: CONSUMERS },
  'consumer.dead_letter': { poison: CONSUMERS },
  'webhook.store': { purchase: ['payments-card'] },
  'provider.open_order': { purchase: ['payments-card'] },
  'provider.read_order': { purchase: ['payments-card'] },
  'provider.close_order': { superseded: ['payments-card'] },
  'provider.charge': { renewal: ['payments-card'] },
  // After a charge whose answer was lost: a kill at `provider.charge` is how it comes to that, and F16 kills it in turn.
  'provider.read_charge': {},
  'audit.store': { purchase: ['audit'] },
  'audit.seal': { purchase: ['audit'] },
};

export interface KillPlace {
  readonly flow: Flow;
  readonly service: Owner;
  readonly point: `${DurableStep}:before` | `${DurableStep}:after`;
}

/** Both sides of every step, in every service that takes it. */
export const killPlaces = (): readonly KillPlace[] =>
  DURABLE_STEPS.flatMap((step) =>
    FLOWS.flatMap((flow) =>
      (TAKEN[step][flow] ?? []).flatMap((service) =>
        (['before', 'after'] as const).map((side): KillPlace => ({ flow, service, point: `${step}:${side}` })),
      ),
    ),
  );

/** What a quick run draws from. */
const ESSENTIAL: ReadonlySet<DurableStep> = new Set([
  'unit_of_work.commit',
  'relay.publish',
  'webhook.store',
  'provider.open_order',
  'provider.read_order',
  'provider.close_order',
  'provider.charge',
  'consumer.retry',
  'consumer.dead_letter',
]);

export const essentialKillPlaces = (): readonly KillPlace[] =>
  killPlaces().filter(({ point }) => DURABLE_STEPS.some((step) => ESSENTIAL.has(step) && point.startsWith(`${step}:`)));

/** What the processes say they passed, and no place kills at: the list has a hole. */
export const unlistedPassings = (
  passed: readonly { readonly service: string; readonly point: string }[],
): readonly string[] => {
  const listed = new Set(killPlaces().map(({ service, point }) => `${service} ${point}`));
  return [...new Set(passed.map(({ service, point }) => `${service} ${point}`))].filter((place) => !listed.has(place));
};
