import { randomUUID } from 'node:crypto';

import {
  CheckEntitlement,
  CreateCheckoutSession,
  GetBilling,
  GetCheckoutSession,
  GetPricing,
  ListAuditRecords,
  VerifyAuditChain,
  VerifyCheckoutSession,
} from '@quittance/contracts';
import { must } from '@quittance/kernel';

import { type CallInput, makeCall, type Send } from './api.ts';

export interface ShopUrls {
  readonly gatewayUrl: string;
  readonly sandboxUrl: string;
  /** What sends the calls of the gateway's contracts, for whoever measures them; default `fetch`. */
  readonly send?: Send;
}

export const CARDS = {
  succeeds: '4242424242424242',
  declines: '4000000000000002',
} as const;

export interface Wish {
  readonly product: string;
  readonly plan: string;
  readonly interval: 'month' | 'year';
  readonly currency: string;
  readonly country?: string;
  readonly coupon?: string;
}

export type Shopper = ReturnType<typeof makeShopper>;

/** A customer without a browser, and what platform services and operators ask about them. */
export const makeShopper = ({ gatewayUrl, sandboxUrl, send }: ShopUrls) => {
  const call = makeCall(gatewayUrl, send);

  return {
    call,
    token: (persona: string) => tokenFrom(sandboxUrl, persona),
    customerToken: (account: string) => tokenFrom(sandboxUrl, `customer?account=${encodeURIComponent(account)}`),
    planId: (wish: Wish) => planIdOf(call, wish),

    /** POST sent → answer; a 202 is waited for by asking again. */
    checkout: async (customer: string, wish: Wish, idempotencyKey: string = randomUUID()) => {
      const body = {
        planId: await planIdOf(call, wish),
        interval: wish.interval,
        currency: wish.currency,
        ...(wish.country === undefined ? {} : { country: wish.country }),
        ...(wish.coupon === undefined ? {} : { coupon: wish.coupon }),
        successUrl: `${gatewayUrl}/checkout/return?session={CHECKOUT_SESSION_ID}`,
        cancelUrl: `${gatewayUrl}/checkout/cancelled?session={CHECKOUT_SESSION_ID}`,
      };
      return call(CreateCheckoutSession, { token: customer, body, idempotencyKey });
    },

    checkoutSession: (customer: string, id: string, wait: '0s' | '5s' = '0s') =>
      call(GetCheckoutSession, { token: customer, params: { id }, query: { wait } }),

    verify: (customer: string, id: string) => call(VerifyCheckoutSession, { token: customer, params: { id } }),

    pay: payOnHostedPage,

    check: (
      service: string,
      asked: { readonly account: string; readonly product: string; readonly feature?: string },
    ) => call(CheckEntitlement, { token: service, body: asked }),

    billing: (customer: string) => call(GetBilling, { token: customer }),

    /** Everything one purchase caused, oldest first. */
    trail: (operator: string, correlation: string) =>
      call(ListAuditRecords, { token: operator, query: { correlation, limit: '100' } }),

    verifyChain: (operator: string) => call(VerifyAuditChain, { token: operator }),

    /** For what has no name here. */
    request: (path: string, input: CallInput & { readonly method?: string } = {}) =>
      fetch(new URL(path, gatewayUrl), {
        method: input.method ?? 'GET',
        headers: { ...(input.token === undefined ? {} : { authorization: `Bearer ${input.token}` }), ...input.headers },
        ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
      }),
  };
};

const tokenFrom = async (sandboxUrl: string, persona: string): Promise<string> => {
  const response = await fetch(`${sandboxUrl}/token/${persona}`);
  const text = (await response.text()).trim();
  if (!response.ok) throw new Error(`No token for ${persona}: ${response.status} ${text}`);
  return text;
};

const planIdOf = async (call: ReturnType<typeof makeCall>, wish: Wish) => {
  const { products } = await call(GetPricing, { query: { lang: 'en', currency: wish.currency } });
  const plans = products.find(({ key }) => key === wish.product)?.plans;
  return must(plans?.find(({ key }) => key === wish.plan)?.planId, `plan ${wish.product}/${wish.plan}`);
};

/** Fills in the hosted page. True when the provider sends the customer on to the success page. */
const payOnHostedPage = async (payUrl: string, card: string): Promise<boolean> => {
  const response = await fetch(payUrl, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      card,
      expiry: '12 / 34',
      cvc: '123',
      name: 'A Customer',
      email: 'customer@example.com',
    }),
  });
  await response.arrayBuffer();
  return response.status === 303;
};
