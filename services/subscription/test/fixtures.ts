import { type InvoiceDrafted, type InvoicePaid, type OrderOpened, type PlanPublished } from '@quittance/contracts';
import { type AccountId, type Id } from '@quittance/kernel';
import { type z } from 'zod';

const id = <P extends string>(prefix: P, tail: string): Id<P> => `${prefix}_01j8zq4m7e8b2c3d4f5g6h7k${tail}`;
const usd = (amount: number) => ({ amount, currency: 'USD' });

export const PRO = { planId: id('pln', '01'), planVersionId: id('plv', '01') } as const;
export const FREE = { planId: id('pln', '02'), planVersionId: id('plv', '02') } as const;
export const PRODUCT = id('prd', '01');

export const planPublished = (
  change: Partial<z.infer<typeof PlanPublished.data>> = {},
): z.infer<typeof PlanPublished.data> => ({
  ...PRO,
  versionNumber: 1,
  status: 'published',
  productId: PRODUCT,
  productKey: 'automation',
  editionKey: 'cloud',
  key: 'pro',
  rank: 1,
  selfServe: true,
  names: { en: 'Pro', fr: 'Pro', ar: 'برو' },
  prices: [{ priceId: id('prc', '01'), interval: 'month', amount: usd(9900), taxBehavior: 'exclusive', region: null }],
  entitlements: [{ kind: 'unlimited', feature: 'workflows' }],
  items: [],
  prorationBasis: 'actual',
  trialDays: 0,
  accountId: null,
  ...change,
});

export const freePlanPublished = () =>
  planPublished({
    ...FREE,
    key: 'free',
    rank: 0,
    names: { en: 'Free', fr: 'Gratuit', ar: 'مجاني' },
    prices: [{ priceId: id('prc', '02'), interval: 'month', amount: usd(0), taxBehavior: 'exclusive', region: null }],
    entitlements: [{ kind: 'limit', feature: 'workflows', limit: 3 }],
  });

interface Sale {
  readonly checkoutId: Id<'chk'>;
  readonly subscriptionId: Id<'sub'>;
  readonly accountId: AccountId;
}

const INVOICE = id('inv', '01');
const ORDER = id('ord', '01');

export const invoiceDrafted = (sale: Sale): z.infer<typeof InvoiceDrafted.data> => ({
  ...sale,
  invoiceId: INVOICE,
  number: null,
  status: 'draft',
  kind: 'checkout',
  productId: PRODUCT,
  changeId: null,
  currency: 'USD',
  period: { start: '2026-03-02T09:00:00.000Z', end: '2026-04-02T09:00:00.000Z' },
  lines: [
    {
      description: 'Pro',
      quantity: 1,
      unitPrice: usd(9900),
      net: usd(9900),
      tax: usd(1980),
      gross: usd(11880),
      taxRatePpm: 200_000,
      taxReason: 'French VAT.',
      period: null,
    },
  ],
  totals: { subtotal: usd(9900), tax: usd(1980), total: usd(11880) },
  issuedAt: null,
  paidAt: null,
});

export const invoicePaid = (sale: Sale): z.infer<typeof InvoicePaid.data> => ({
  ...invoiceDrafted(sale),
  number: 'QT-2026-000001',
  status: 'paid',
  issuedAt: '2026-03-02T09:01:00.000Z',
  paidAt: '2026-03-02T09:01:00.000Z',
  payment: {
    paymentId: id('pay', '01'),
    orderId: ORDER,
    rail: 'card',
    method: { kind: 'card', brand: 'visa', last4: '4242' },
  },
});

export const invoiceVoided = (sale: Sale) => ({
  invoiceId: INVOICE,
  subscriptionId: sale.subscriptionId,
  checkoutId: sale.checkoutId,
  reason: 'order_expired' as const,
});

export const orderFacts = (sale: Sale) => ({
  orderId: ORDER,
  invoiceId: INVOICE,
  checkoutId: sale.checkoutId,
  accountId: sale.accountId,
  rail: 'card' as const,
  provider: 'stripe',
  amount: usd(11880),
});

export const orderOpened = (sale: Sale): z.infer<typeof OrderOpened.data> => ({
  ...orderFacts(sale),
  payUrl: 'https://pay.example/session',
  expiresAt: '2026-03-02T09:35:00.000Z',
});
