import { z } from 'zod';

import { ApiMoney, idOf, Instant } from '../shapes.ts';

/** How one line of an invoice is told to other services. All amounts in the invoice's currency. */
export const MessageInvoiceLine = z.strictObject({
  description: z.string(),
  quantity: z.int().positive(),
  /** Per unit, before tax when `taxBehavior` is exclusive, with it when inclusive. */
  unitPrice: ApiMoney,
  net: ApiMoney,
  tax: ApiMoney,
  gross: ApiMoney,
  /** Parts per million: 200000 is 20 %. */
  taxRatePpm: z.int().nonnegative(),
  /** Why this rate: a sentence for people and auditors. */
  taxReason: z.string(),
  period: z.strictObject({ start: Instant, end: Instant }).nullable(),
  /** The earlier invoice whose carried amount this line takes over, taxed there already; absent on every other line. */
  carriedFrom: idOf('inv').optional(),
});

export const MessageTotals = z.strictObject({ subtotal: ApiMoney, tax: ApiMoney, total: ApiMoney });

/** The card or wallet as a person recognises it. Never a number. */
export const PaymentMethodSummary = z.strictObject({
  kind: z.string(),
  brand: z.string().nullable(),
  last4: z
    .string()
    .regex(/^\d{4}$/)
    .nullable(),
});

/** What a plan gives: a switch, a limit (−1 is unlimited) or a level by name. */
export const MessageEntitlement = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('switch'), feature: z.string(), enabled: z.boolean() }),
  z.strictObject({ kind: z.literal('limit'), feature: z.string(), limit: z.int().nonnegative() }),
  z.strictObject({ kind: z.literal('unlimited'), feature: z.string() }),
  z.strictObject({ kind: z.literal('level'), feature: z.string(), level: z.string() }),
]);
export type MessageEntitlement = z.infer<typeof MessageEntitlement>;

/** Why an attempt to charge failed, for translation. `no_payment_method`: there is nothing stored to charge. */
export const DeclineReason = z.enum([
  'card_declined',
  'insufficient_funds',
  'authentication_failed',
  'expired_card',
  'no_payment_method',
  'other',
]);

export const Rail = z.enum(['card', 'crypto']);

export const TaxBehavior = z
  .enum(['exclusive', 'inclusive'])
  .describe('Whether tax comes on top of the amount or is in it.');

export const SubscriptionStatus = z.enum([
  'draft',
  'trialing',
  'active',
  'past_due',
  'paused',
  'suspended',
  'cancelled',
  'expired',
]);

export const ReturnUrls = z.strictObject({ success: z.url(), cancel: z.url() });
