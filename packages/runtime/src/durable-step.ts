/**
 * Every place where work becomes durable or leaves the process. Fault tests kill the process before and after each
 * of them; the list is closed, so that a step cannot be added without its two kill points.
 */
export const DURABLE_STEPS = [
  'unit_of_work.commit',
  'relay.publish',
  'relay.mark_sent',
  'consumer.handle',
  'consumer.acknowledge',
  'consumer.retry',
  'consumer.dead_letter',
  'webhook.store',
  'provider.open_order',
  'provider.read_order',
  'provider.close_order',
  'provider.charge',
  'provider.read_charge',
  'audit.store',
  'audit.seal',
] as const;

export type DurableStep = (typeof DURABLE_STEPS)[number];
export type KillPoint = `${DurableStep}:${'before' | 'after'}`;

/** Called at each kill point; the fault harness replaces it, production never does. */
export type KillPointProbe = (point: KillPoint) => void;

const nothing: KillPointProbe = () => undefined;
let probe = nothing;

/** Only `main.ts` calls this, and only when fault injection is configured and the mode is not production. */
export const setKillPointProbe = (replacement: KillPointProbe | null): void => {
  probe = replacement ?? nothing;
};

export const durableStep = async <T>(step: DurableStep, work: () => Promise<T>): Promise<T> => {
  probe(`${step}:before`);
  const result = await work();
  probe(`${step}:after`);
  return result;
};
