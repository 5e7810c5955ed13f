import { type ErrorTable, makeFail } from '@quittance/kernel';

export const invoicingErrors = {
  'invoicing.currency_unsupported': {
    kind: 'invalid',
    title: 'Invoices cannot be made in this currency',
    remedy: 'Use one of the currencies in `details.available`.',
  },
  'invoicing.currency_mismatch': {
    kind: 'invalid',
    title: 'A line is in another currency than its invoice',
    remedy: 'Send every line in the invoice’s currency.',
  },
  'invoicing.negative_total': {
    kind: 'refused',
    title: 'The lines sum to less than nothing',
    remedy: 'Money owed to a customer is a credit note, not an invoice.',
  },
  'invoicing.rail_unavailable': {
    kind: 'refused',
    title: 'Nothing collects on this rail yet',
    remedy: 'Ask for the card rail.',
  },
  'invoicing.tax_rate_unknown': {
    kind: 'refused',
    title: 'The seller owes tax in a country whose rate is not known',
    remedy: 'Correct the seller’s registrations, then replay the message.',
  },
  'invoicing.already_invoiced': {
    kind: 'refused',
    title: 'Another checkout has an invoice for the same period',
    remedy: 'Pay or cancel that invoice first.',
  },
  'invoicing.illegal_transition': {
    kind: 'conflict',
    title: 'The invoice’s status does not allow this',
    remedy: 'Read its current status and decide again.',
  },
  'invoicing.issued_not_cancellable': {
    kind: 'refused',
    title: 'An issued invoice is not cancelled',
    remedy: 'Credit it with a credit note.',
  },
  'invoicing.payment_mismatch': {
    kind: 'refused',
    title: 'A payment names another invoice or account than its order',
    remedy: 'Compare the order at the rail with the invoice; correct the rail and replay the message.',
  },
} as const satisfies ErrorTable;

export const invoicingFail = makeFail(invoicingErrors);
