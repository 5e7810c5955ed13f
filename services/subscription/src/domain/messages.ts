import { type AccountId, type Id } from '@quittance/kernel';
import { type Money } from '@quittance/money';

import { type Rail, type ReturnUrls } from './checkout.ts';
import { type EntitlementDocument } from './entitlement-document.ts';
import { type TaxBehavior } from './plan.ts';
import { type Period, type Subscription } from './subscription.ts';

export interface RequestedLine {
  readonly description: string;
  readonly quantity: number;
  readonly unitPrice: Money;
  readonly taxBehavior: TaxBehavior;
  readonly period: Period;
}

/** What subscription tells others, before it is put into the words of the contracts. */
export type SubscriptionMessage =
  | {
      readonly type: 'open_invoice';
      /** What the request is for, once: the command’s id is made from it. */
      readonly intent: string;
      readonly kind: 'checkout' | 'renewal' | 'plan_change';
      readonly checkoutId: Id<'chk'> | null;
      readonly changeId: Id<'chg'> | null;
      readonly accountId: AccountId;
      readonly productId: Id<'prd'>;
      readonly subscriptionId: Id<'sub'>;
      readonly period: Period;
      readonly lines: readonly RequestedLine[];
      readonly currency: Money['currency'];
      readonly country: string | null;
      /** What the buyer reads; null leaves it to invoicing. */
      readonly language: string | null;
      readonly collect:
        | {
            readonly kind: 'checkout';
            readonly rail: Rail;
            readonly returnUrls: ReturnUrls;
          }
        | { readonly kind: 'automatic' };
    }
  | {
      readonly type: 'open_renewal_invoice';
      /** Names the command: one renewal is asked for once. */
      readonly renewalId: string;
      readonly subscription: Subscription;
      readonly period: Period;
      /** What a coupon takes off it, as prices are stated. */
      readonly coupon: { readonly code: string; readonly discount: Money } | null;
    }
  | {
      readonly type: 'cancel_invoice';
      readonly checkoutId: Id<'chk'>;
      readonly subscriptionId: Id<'sub'>;
      readonly reason: string;
    }
  | {
      readonly type: 'cancel_renewal_invoice';
      readonly renewalId: string;
      readonly subscriptionId: Id<'sub'>;
      readonly periodStart: Date;
      readonly reason: string;
    }
  | {
      readonly type: 'recheck_order';
      readonly checkoutId: Id<'chk'>;
      readonly orderId: Id<'ord'>;
      readonly requestId: string;
    }
  | {
      readonly type: 'reserve_coupon';
      readonly checkoutId: Id<'chk'>;
      readonly accountId: AccountId;
      readonly couponId: Id<'cpn'>;
      readonly planId: Id<'pln'>;
      readonly currency: string;
    }
  | {
      readonly type: 'confirm_coupon';
      readonly checkoutId: Id<'chk'>;
      readonly accountId: AccountId;
      readonly couponId: Id<'cpn'>;
      readonly invoiceId: Id<'inv'>;
      readonly discount: Money;
    }
  | {
      readonly type: 'release_coupon';
      readonly checkoutId: Id<'chk'>;
      readonly accountId: AccountId;
      readonly couponId: Id<'cpn'>;
      readonly reason: string;
    }
  /** The request for an invoice that waited for its coupon, as it was stored. */
  | { readonly type: 'open_discounted_invoice'; readonly checkoutId: Id<'chk'>; readonly stored: unknown }
  /** Of a customer who came from elsewhere: where they are taxed, unless they have said so here. */
  | {
      readonly type: 'remember_buyer';
      readonly subscriptionId: Id<'sub'>;
      readonly accountId: AccountId;
      readonly country: string;
      readonly currency: Money['currency'];
    }
  /** Who they are at the provider, and what of theirs may be charged: its own names, never a number. */
  | {
      readonly type: 'keep_method';
      readonly subscriptionId: Id<'sub'>;
      readonly accountId: AccountId;
      readonly customerReference: string;
      readonly methodReference: string | null;
    }
  | { readonly type: 'entitlements_changed'; readonly document: EntitlementDocument }
  | { readonly type: 'beat'; readonly at: Date };
