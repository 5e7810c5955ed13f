import { type PlannedChange } from './change.ts';
import { subscriptionFail } from './errors.ts';
import { type Subscription } from './subscription.ts';

/** What a preview was made from: a commit that brings it gets exactly what was shown, or is refused. */
export interface Quote {
  readonly at: Date;
  readonly version: number;
  /** Digest of what was shown (`offerOf`). */
  readonly offer: string;
}

/** A preview holds for a quarter of an hour, and for the subscription and the period it was made of. */
const QUOTE_MS_MAX = 15 * 60 * 1000;

/** The instant that a quote prices a change at. It is the caller's word, so it is never believed outside the running period. */
export const instantOfQuote = (quote: Pick<Quote, 'at' | 'version'>, subscription: Subscription, now: Date): Date => {
  const why = whyStale(quote, subscription, now);
  if (why === null) return quote.at;
  throw stale(quote, subscription, why);
};

/** All that a change does, as one text: equal where nothing about it is different. */
export const offerOf = (planned: PlannedChange): string =>
  JSON.stringify(planned, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));

/** Another wish than the one that was previewed, or a plan that is sold at other terms by now, is not what was shown. */
export const refuseOtherOffer = (quote: Quote, offer: string, subscription: Subscription): void => {
  if (quote.offer === offer) return;
  throw stale(quote, subscription, 'showed something else than what is asked for now');
};

const stale = ({ at }: Pick<Quote, 'at'>, { id, version }: Subscription, why: string): Error =>
  subscriptionFail('subscription.quote_stale', `The preview of ${id} from ${at.toISOString()} ${why}.`, {
    details: { version },
  });

const whyStale = (
  { at, version }: Pick<Quote, 'at' | 'version'>,
  subscription: Subscription,
  now: Date,
): string | null => {
  const { period, createdAt } = subscription;
  const ageMs = now.getTime() - at.getTime();
  if (version !== subscription.version) return `is of version ${version}, and it is at ${subscription.version} now`;
  if (ageMs < 0 || ageMs > QUOTE_MS_MAX) return 'is too old, or not made yet';
  if (at < createdAt) return 'is older than the subscription';
  // A period that was paid for in a trial may not have begun: then it is the trial that runs at both instants.
  if (period === null || (now < period.end && at < period.start === now < period.start)) return null;
  return 'is of another period than the one that runs now';
};
