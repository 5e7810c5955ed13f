import { type Secret } from '@quittance/kernel';
import CircuitBreaker from 'opossum';
import { Stripe } from 'stripe';

import { isAnswer } from './stripe-errors.ts';

export interface StripeClientOptions {
  readonly secretKey: Secret;
  /** A stand-in; null is Stripe itself. */
  readonly apiBase: string | null;
  /** Of one call, from the first byte sent to the last byte read. */
  readonly deadlineMs: number;
}

/** One call behind a breaker. */
type Call = <T>(work: (stripe: Stripe) => Promise<T>) => Promise<T>;

/** Each with a breaker of its own: whoever wants to pay does not wait because Stripe cannot tell who has paid. */
export interface StripeClient {
  readonly read: Call;
  readonly change: Call;
}

/**
 * The real SDK. It never retries by itself: our own loop does, under our own idempotency keys, so that a retry after a
 * crash is the same request. Its fetch client aborts each call on its own deadline; the breakers' time-out is off
 * because opossum shares one abort signal between innocent neighbours.
 */
export const makeStripeClient = (options: StripeClientOptions): StripeClient => {
  const stripe = new Stripe(options.secretKey.reveal(), {
    ...addressOf(options.apiBase),
    httpClient: Stripe.createFetchHttpClient(),
    maxNetworkRetries: 0,
    timeout: options.deadlineMs,
    telemetry: false,
    appInfo: { name: 'quittance' },
  });
  return { read: behindBreaker('stripe.read', stripe), change: behindBreaker('stripe.change', stripe) };
};

const behindBreaker = (name: string, stripe: Stripe): Call => {
  const breaker = new CircuitBreaker((work: () => Promise<void>) => work(), {
    name,
    timeout: false,
    errorFilter: isAnswer,
    errorThresholdPercentage: 50,
    volumeThreshold: 5,
    rollingCountTimeout: 10_000,
    resetTimeout: 5000,
  });
  return async (work) => {
    const answers: Awaited<ReturnType<typeof work>>[] = [];
    await breaker.fire(async () => {
      answers.push(await work(stripe));
    });
    const [answer] = answers;
    if (answer === undefined) throw new Error('Stripe answered without a body.');
    return answer;
  };
};

const addressOf = (apiBase: string | null): Pick<Stripe.StripeConfig, 'host' | 'port' | 'protocol'> => {
  if (apiBase === null) return {};
  const { hostname, port, protocol } = new URL(apiBase);
  const secure = protocol === 'https:';
  return {
    host: hostname,
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    protocol: secure ? 'https' : 'http',
  };
};
