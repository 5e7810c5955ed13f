import { type AccountScope, findInScope, type Id } from '@quittance/kernel';
import { toDecimal } from '@quittance/money';

import { type Payment } from '../domain/payment.ts';
import { type Page, type PageRequest, type PaymentOfInvoice, type Payments } from './ports.ts';

export type ReadPayments = ReturnType<typeof makeReadPayments>;

export const makeReadPayments = (payments: Payments) => ({
  list: (scope: AccountScope, invoiceId: Id<'inv'> | null, page: PageRequest): Promise<Page<PaymentOfInvoice>> =>
    payments.list(scope, { invoiceId }, page),

  get: (scope: AccountScope, id: Id<'pay'>): Promise<PaymentOfInvoice> =>
    findInScope(scope, (reach) => payments.find(reach, id), `There is no payment ${id}.`),

  /** Money that settled nothing waits for a person. */
  attention: async (limit: number) => (await payments.listOnBalance(limit)).map(waitingPayment),
});

const waitingPayment = (payment: Payment) => ({
  id: payment.id,
  code: 'invoicing.payment_on_balance',
  message:
    `${toDecimal(payment.amount)} ${payment.amount.currency} came by ${payment.provider} for invoice ${payment.invoiceId}, ` +
    'which it could not settle. It is on the customer’s balance: refund it at the provider, or agree with the customer what it pays for.',
  subject: { type: 'payment', id: payment.id },
  accountId: payment.accountId,
  correlationId: payment.correlationId,
  since: payment.recordedAt,
});
