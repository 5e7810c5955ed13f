import { type Order } from './order.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** A worker that dies is replaced after this long: the calls one piece of work makes (closing: two), and a margin. */
export const leaseMs = (callDeadlineMs: number): number => 2 * callDeadlineMs + 4 * SECOND_MS;

/**
 * Stripe may forget an idempotency key after 24 h, and the same request would then open a second order. From here on an
 * unanswered opening is only looked for, never sent again.
 */
export const RESEND_FOR_MS = 23 * HOUR_MS;

/** Stripe expires a session at its time, not a second before. */
const EXPIRY_MARGIN_MS = 5 * SECOND_MS;

/** 1 s, 2 s, 4 s … 5 min: an unanswered question is asked again soon, then ever more rarely. */
export const retryDelayMs = (tries: number): number =>
  Math.min(SECOND_MS * 2 ** Math.min(Math.max(tries - 1, 0), 20), 5 * MINUTE_MS);

const SOMEBODY_WAITS_FOR_MS = 5 * MINUTE_MS;
const WAITING_DELAY_MS_MAX = 8 * SECOND_MS;

/**
 * When an order that nobody answered for is asked for again. While a customer may be looking at a page that waits for
 * it, a provider that is back is noticed within seconds, however long it was away.
 */
export const unansweredDelayMs = ({ state, tries, unknownSince }: Order, now: Date): number => {
  const delayMs = retryDelayMs(tries);
  return state === 'charging' ? delayMs : whileSomebodyWaits(delayMs, unknownSince ?? now, now);
};

/** An event that keeps failing is tried for as long as the provider would have sent it again; while it is new, soon. */
export const eventRetryDelayMs = (attempts: number, receivedAt: Date, now: Date): number => {
  const delayMs = Math.min(SECOND_MS * 4 ** Math.min(Math.max(attempts - 1, 0), 10), HOUR_MS);
  return whileSomebodyWaits(delayMs, receivedAt, now);
};

const whileSomebodyWaits = (delayMs: number, since: Date, now: Date): number =>
  now.getTime() - since.getTime() < SOMEBODY_WAITS_FOR_MS ? Math.min(delayMs, WAITING_DELAY_MS_MAX) : delayMs;

const RACES_AT_ONCE = 3;

/**
 * Whoever lost a race looks again at once; who loses again and again has another trouble, and waits as if it began with
 * that: three races are lost within milliseconds, and no customer shall wait a minute for them.
 */
export const delayAfterMs = (
  { tries, lostRace }: { readonly tries: number; readonly lostRace: boolean },
  usualMs: (tries: number) => number,
): number => {
  if (!lostRace) return usualMs(tries);
  return tries <= RACES_AT_ONCE ? 0 : usualMs(tries - RACES_AT_ONCE);
};

/** About a minute and a half of trying. */
export const EVENT_ATTEMPTS_BEFORE_ATTENTION = 12;

/** Unknown for longer than this is shown to a person, although it is still being asked. */
export const UNKNOWN_BEFORE_ATTENTION_MS = 15 * MINUTE_MS;

export interface When {
  /** Wall time. */
  readonly now: Date;
  /** The provider's time, which a sandbox may have moved: what `payUntil` is measured in. */
  readonly providerNow: Date;
  readonly sweepIntervalMs: number;
}

/**
 * When an order without news is read next: every sweep while it is young, a quarter of its age later, and right after
 * it can no longer be paid. Finished and parked orders: never.
 */
export const nextReadAt = (order: Order, { now, providerNow, sweepIntervalMs }: When): Date | null => {
  if (order.parked !== null || order.session === null) return null;
  if (order.state === 'closing') return new Date(now.getTime() + SECOND_MS);
  if (order.state !== 'open' && order.state !== 'confirming') return null;
  const ageMs = now.getTime() - (order.firstSentAt ?? now).getTime();
  const usualMs = Math.max(sweepIntervalMs, Math.min(ageMs / 4, HOUR_MS));
  const expiryMs = order.session.payUntil.getTime() + EXPIRY_MARGIN_MS - providerNow.getTime();
  return new Date(now.getTime() + (expiryMs > 0 ? Math.min(usualMs, expiryMs) : usualMs));
};
