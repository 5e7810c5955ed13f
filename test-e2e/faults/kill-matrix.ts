import { type ProcessName } from '@quittance/local';
import { DURABLE_STEPS, type DurableStep } from '@quittance/runtime';

/** Where each durable step is taken on the way of one purchase. A step nobody lists here fails the enumeration. */
const STEP_OWNERS: Record<DurableStep, readonly Exclude<ProcessName, 'console'>[]> = {
  'unit_of_work.commit': ['subscription', 'invoicing', 'payments-card'],
  'relay.publish': ['subscription', 'invoicing', 'payments-card'],
  'relay.mark_sent': ['subscription', 'invoicing', 'payments-card'],
  'consumer.handle': ['subscription', 'invoicing', 'payments-card', 'gateway', 'audit'],
  'consumer.acknowledge': ['subscription', 'invoicing', 'payments-card', 'gateway', 'audit'],
  // Not taken by a purchase that goes well: a redelivery and a poison message take them, in the bus's own suite.
  'consumer.retry': [],
  'consumer.dead_letter': [],
  'webhook.store': ['payments-card'],
  'provider.open_order': ['payments-card'],
  'provider.read_order': ['payments-card'],
  // Taken when a checkout is given up.
  'provider.close_order': [],
  // Taken by a renewal.
  'provider.charge': [],
  'provider.read_charge': [],
  'audit.store': ['audit'],
  'audit.seal': ['audit'],
};

export interface KillPlace {
  readonly service: Exclude<ProcessName, 'console'>;
  readonly point: `${DurableStep}:before` | `${DurableStep}:after`;
}

/** Both sides of every step, in every service that takes it during a purchase. */
export const killPlaces = (): readonly KillPlace[] =>
  DURABLE_STEPS.flatMap((step) =>
    STEP_OWNERS[step].flatMap((service) =>
      (['before', 'after'] as const).map((side): KillPlace => ({ service, point: `${step}:${side}` })),
    ),
  );

/** The first faults: what the shortest run must hold. */
const ESSENTIAL: ReadonlySet<DurableStep> = new Set([
  'unit_of_work.commit',
  'relay.publish',
  'webhook.store',
  'provider.open_order',
  'provider.read_order',
]);

export const essentialKillPlaces = (): readonly KillPlace[] =>
  killPlaces().filter(({ point }) => DURABLE_STEPS.some((step) => ESSENTIAL.has(step) && point.startsWith(`${step}:`)));
