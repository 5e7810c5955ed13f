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
  'inbox.mark',
  'dead_letter.store',
  'idempotency.begin',
  'idempotency.save',
  'idempotency.release',
  'webhook.store',
  'order.claim',
  'order.put_back',
  'provider_event.claim',
  'provider_event.put_back',
  'due.claim',
  'due.release',
  'plan_move.claim',
  'plan_move.release',
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

/** What a passing is of, where passings of one step differ: message types, actions, a route. */
export type KindsOf<T> = (result: T | null) => readonly string[];

/** Called at each kill point; the fault harness replaces it, production never does. */
export type KillPointProbe = (point: KillPoint, kinds: readonly string[]) => void;

let probe: KillPointProbe | null = null;

/** Only `main.ts` calls this, and only when fault injection is configured and the mode is not production. */
export const setKillPointProbe = (replacement: KillPointProbe | null): void => {
  probe = replacement;
};

const NO_KINDS = (): readonly string[] => [];

/** `kinds` is asked only while somebody watches: with null before the work, with its result after it. */
export const durableStep = async <T>(
  step: DurableStep,
  work: () => Promise<T>,
  kinds: KindsOf<T> = NO_KINDS,
): Promise<T> => {
  probe?.(`${step}:before`, kinds(null));
  const result = await work();
  probe?.(`${step}:after`, kinds(result));
  return result;
};

const KILL_POINTS: ReadonlySet<string> = new Set(
  DURABLE_STEPS.flatMap((step): readonly KillPoint[] => [`${step}:before`, `${step}:after`]),
);

/** What a passing is called: by its kinds where it has some, else by its point. */
export const passingsOf = (point: KillPoint, kinds: readonly string[]): readonly string[] =>
  kinds.length === 0 ? [point] : [...new Set(kinds)].map((kind) => `${point} ${kind}`);

/** `relay.publish:after` stands for all its passings, `relay.publish:after invoice.paid.v1` for those of one kind. */
export const isKillPlace = (text: string): boolean => KILL_POINTS.has(text.split(' ', 1)[0] ?? '');
