import type {
  AttentionList,
  AuditPage,
  Billing,
  ChainProof,
  Checkout,
  DeadLetterList,
  HandoffSession,
  Invoice,
  NewCheckout,
  Payment,
  PaymentPage,
  Pricing,
} from './answers.ts';
import type { Send, SendForFile } from './send.ts';

const CHECKOUT_NEEDS = ['id', 'status', 'planId', 'interval'] as const;
const PAGE_ITEMS = 25;
/** More records than any one purchase has. */
const TRAIL_RECORDS_MAX = 100;

interface PricingWish {
  readonly lang: string;
  readonly currency: string | undefined;
  readonly country: string | undefined;
}

/** Every call the pages make, by name. */
export const makeApi = (send: Send, sendForFile: SendForFile) => ({
  ...makeHandoffCalls(send),

  pricing: ({ lang, currency, country }: PricingWish, signal: AbortSignal) =>
    send<Pricing>({
      path: '/v1/pricing',
      query: { lang, currency, country },
      signal,
      needs: ['products', 'currency', 'currencies'],
    }),

  createCheckout: (body: NewCheckout, idempotencyKey: string) =>
    send<Checkout>({ method: 'POST', path: '/v1/checkout-sessions', body, idempotencyKey, needs: CHECKOUT_NEEDS }),

  /** With `waitSeconds` the answer comes as soon as the checkout leaves its present status. */
  checkout: (id: string, waitSeconds: 0 | 5, signal: AbortSignal) =>
    send<Checkout>({
      path: `/v1/checkout-sessions/${encodeURIComponent(id)}`,
      query: { wait: waitSeconds === 0 ? undefined : `${waitSeconds}s` },
      signal,
      needs: CHECKOUT_NEEDS,
    }),

  verifyCheckout: (id: string, signal: AbortSignal) =>
    send<Checkout>({
      method: 'POST',
      path: `/v1/checkout-sessions/${encodeURIComponent(id)}/verify`,
      signal,
      needs: CHECKOUT_NEEDS,
    }),

  billing: (account: string | undefined, signal: AbortSignal) =>
    send<Billing>({
      path: '/v1/billing',
      query: { account },
      signal,
      needs: ['accountId', 'subscriptions', 'invoices', 'payments'],
    }),

  invoice: (id: string, signal: AbortSignal) =>
    send<Invoice>({ path: `/v1/invoices/${encodeURIComponent(id)}`, signal, needs: ['id', 'lines', 'totals'] }),

  payments: (after: string | undefined, signal: AbortSignal) =>
    send<PaymentPage>({
      path: '/v1/payments',
      query: { limit: PAGE_ITEMS, after },
      signal,
      needs: ['data', 'nextCursor'],
    }),

  payment: (id: string, signal: AbortSignal) =>
    send<Payment>({ path: `/v1/payments/${encodeURIComponent(id)}`, signal, needs: ['id', 'amount', 'correlationId'] }),

  trail: (correlation: string, signal: AbortSignal) =>
    send<AuditPage>({ path: '/v1/audit', query: { correlation, limit: TRAIL_RECORDS_MAX }, signal, needs: ['data'] }),

  exportTrail: (correlation: string) => sendForFile({ path: '/v1/audit/export', query: { correlation } }),

  verifyChain: (signal: AbortSignal) =>
    send<ChainProof>({ path: '/v1/audit/verify', signal, needs: ['valid', 'verifiedUpTo'] }),

  attention: (signal: AbortSignal) =>
    send<AttentionList>({ path: '/v1/attention', signal, needs: ['data', 'unreachable'] }),

  deadLetters: (signal: AbortSignal) =>
    send<DeadLetterList>({ path: '/v1/dead-letters', signal, needs: ['data', 'unreachable'] }),
});

/** The only calls that are made with another token than that of whoever is logged in. */
const makeHandoffCalls = (send: Send) => ({
  /** Spends the code of a hand-off link: it works once. */
  useHandoff: (code: string) =>
    send<HandoffSession>({
      method: 'POST',
      path: '/v1/handoff-sessions',
      body: { code },
      token: null,
      needs: ['session', 'expiresAt', 'successUrl', 'cancelUrl'],
    }),

  /** The one checkout of that session, as it is by now; waits while it is being opened. */
  handoffCheckout: (session: string, signal: AbortSignal) =>
    send<Checkout>({
      method: 'POST',
      path: '/v1/handoff-sessions/checkout',
      token: session,
      signal,
      needs: CHECKOUT_NEEDS,
    }),
});

export type Api = ReturnType<typeof makeApi>;
