import { type ApiSubscription, type CreateFormerCheckout, GetPricing } from '@quittance/contracts';
import { type AnswerOptions } from '@quittance/http';
import { type Id, platformFail, type Principal } from '@quittance/kernel';
import { type z } from 'zod';

import { type CallService } from '../application/index.ts';
import { callContract } from './call-contract.ts';
import { type ForwardDeps } from './forward-route.ts';

export type Wish = Awaited<z.output<Exclude<typeof CreateFormerCheckout.body, string>>>;
export type Subscription = z.output<typeof ApiSubscription>;

/** The product whose tiers the former API sold: Free, Pro and Enterprise. */
const PRODUCT = 'automation';
export const CURRENCY = 'USD';
export const INTERVALS = { monthly: 'month', yearly: 'year' } as const;

/** RFC 9745: since 2026-01-01; the successor is linked. */
export const deprecated = (successor: string): AnswerOptions => ({
  headers: { deprecation: '@1767225600', link: `<${successor}>; rel="successor-version"` },
});

export interface CompatibilityDeps extends ForwardDeps {
  readonly publicUrl: string | null;
}

export interface Caller {
  readonly principal: Principal;
  readonly requestId: string;
}

interface TierOnSale {
  readonly key: string;
  readonly planId: Id<'pln'>;
  readonly rank: number;
}

/** The tiers of the former API as they are sold now. */
export const tiersOf = async (callService: CallService): Promise<readonly TierOnSale[]> => {
  const query = { product: PRODUCT, currency: CURRENCY };
  const { products } = await callContract(callService, GetPricing, { principal: null, requestId: null, query });
  return products.find((product) => product.key === PRODUCT)?.plans ?? [];
};

export const tierCalled = (tiers: readonly TierOnSale[], key: string): TierOnSale => {
  const tier = tiers.find((candidate) => candidate.key === key);
  if (tier === undefined) throw platformFail('platform.not_found', `There is no plan ${key} on sale.`);
  return tier;
};

export const returnUrls = (wish: Pick<Wish, 'successUrl' | 'cancelUrl'>, publicUrl: string | null) => {
  const page = (name: string) => (publicUrl === null ? undefined : `${publicUrl}${name}?session={CHECKOUT_SESSION_ID}`);
  const successUrl = wish.successUrl ?? page('/checkout/return');
  const cancelUrl = wish.cancelUrl ?? page('/checkout/cancelled');
  if (successUrl !== undefined && cancelUrl !== undefined) return { successUrl, cancelUrl };
  const issues = [{ path: 'body.successUrl', problem: 'is needed here, and so is cancelUrl' }];
  throw platformFail('platform.invalid_request', 'Say where the browser goes afterwards.', { details: { issues } });
};

const LIVE = ['trialing', 'active', 'past_due', 'paused', 'suspended'];

/** The live one; else the last that was. A draft is a checkout, not a subscription. */
export const current = (newestFirst: readonly Subscription[]): Subscription | null => {
  const had = newestFirst.filter(({ productKey, status }) => productKey === PRODUCT && status !== 'draft');
  const begun = had.filter(({ currentPeriod }) => currentPeriod !== null);
  return had.find(({ status }) => LIVE.includes(status)) ?? begun[0] ?? null;
};
