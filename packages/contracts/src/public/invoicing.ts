import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { MessageInvoiceLine, MessageTotals, PaymentMethodSummary, Rail } from '../messages/shared.ts';
import { ApiAccountId, ApiMoney, idOf, Instant, pageOf, pageById } from '../shapes.ts';

export const ApiInvoice = z
  .strictObject({
    id: idOf('inv'),
    number: z.string().nullable().describe('Assigned when issued; null while a draft.'),
    status: z
      .enum(['draft', 'issued', 'carried', 'paid', 'void'])
      .describe(
        "carried: issued, but too little for the rail to collect; its amount is due with the account's next invoice in this currency, and it is paid when that one is.",
      ),
    kind: z.enum(['checkout', 'renewal', 'plan_change']),
    accountId: ApiAccountId,
    subscriptionId: idOf('sub'),
    checkoutId: idOf('chk').nullable(),
    seller: z.strictObject({
      name: z.string(),
      address: z.string(),
      country: z.string(),
      taxId: z.string().nullable(),
    }),
    buyer: z.strictObject({
      name: z.string().nullable(),
      country: z.string(),
      taxId: z.string().nullable(),
    }),
    currency: z.string(),
    period: z.strictObject({ start: Instant, end: Instant }),
    lines: z.array(MessageInvoiceLine),
    totals: MessageTotals,
    amountDue: ApiMoney.describe(
      '0 from the moment another invoice has taken the carried amount over: it is due there.',
    ),
    carriedTo: idOf('inv').nullable().describe('The invoice that has taken its carried amount over.'),
    issuedAt: Instant.nullable(),
    paidAt: Instant.nullable(),
    correlationId: z.string().describe('Follow it through the audit trail: `/v1/audit?correlation=…`.'),
    createdAt: Instant,
  })
  .meta({ id: 'Invoice' });

export const ListInvoices = httpContract({
  name: 'ListInvoices',
  service: 'invoicing',
  method: 'GET',
  path: '/v1/invoices',
  summary:
    'Invoices, newest first. A customer sees their own that have a number, also where they are void; operators see all.',
  access: { anyOf: ['own.read', 'billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  query: z.strictObject({
    ...pageById('inv'),
    account: ApiAccountId.optional(),
    status: z.enum(['draft', 'issued', 'carried', 'paid', 'void']).optional(),
  }),
  answer: pageOf(ApiInvoice),
});

export const GetInvoice = httpContract({
  name: 'GetInvoice',
  service: 'invoicing',
  method: 'GET',
  path: '/v1/invoices/:id',
  summary: 'One invoice with its lines.',
  access: { anyOf: ['own.read', 'billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  params: z.strictObject({ id: idOf('inv') }),
  answer: ApiInvoice,
});

export const ApiPayment = z
  .strictObject({
    id: idOf('pay'),
    status: z.enum(['completed', 'refunded', 'partially_refunded', 'disputed']),
    accountId: ApiAccountId,
    amount: ApiMoney,
    rail: Rail,
    provider: z.string(),
    providerReference: z.string(),
    method: PaymentMethodSummary.nullable(),
    orderId: idOf('ord'),
    invoiceId: idOf('inv'),
    invoiceNumber: z.string().nullable(),
    appliedTo: z
      .enum(['invoice', 'balance'])
      .describe('`invoice`: settled it. `balance`: it came for a closed order and waits on the account for a person.'),
    capturedAt: Instant,
    correlationId: z.string(),
  })
  .meta({ id: 'Payment', description: 'A payment is the receipt: what was paid, how, when and for which invoice.' });

export const ListPayments = httpContract({
  name: 'ListPayments',
  service: 'invoicing',
  method: 'GET',
  path: '/v1/payments',
  summary: 'Payments of every rail, newest first.',
  access: { anyOf: ['own.read', 'billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  query: z.strictObject({ ...pageById('pay'), account: ApiAccountId.optional(), invoice: idOf('inv').optional() }),
  answer: pageOf(ApiPayment),
});

export const GetPayment = httpContract({
  name: 'GetPayment',
  service: 'invoicing',
  method: 'GET',
  path: '/v1/payments/:id',
  summary: 'One payment.',
  access: { anyOf: ['own.read', 'billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  params: z.strictObject({ id: idOf('pay') }),
  answer: ApiPayment,
});

export const ApiBalanceDue = z
  .strictObject({
    due: ApiMoney.describe(
      'All that is owed in this currency: issued invoices that are not paid, and what is carried.',
    ),
    carried: ApiMoney.describe(
      "The part of it that is below the rail's minimum and waits for the account's next invoice.",
    ),
  })
  .meta({ id: 'BalanceDue' });

export const GetBalanceDue = httpContract({
  name: 'GetBalanceDue',
  service: 'invoicing',
  method: 'GET',
  path: '/v1/balance-due',
  summary: 'What an account owes, by currency, from the money journal; also after its last subscription has ended.',
  access: { anyOf: ['own.read', 'billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
  query: z
    .strictObject({ account: ApiAccountId.optional() })
    .describe('Operators name the account; for a customer it must be the own one.'),
  answer: z.strictObject({ accountId: ApiAccountId, data: z.array(ApiBalanceDue), asOf: Instant }),
});
