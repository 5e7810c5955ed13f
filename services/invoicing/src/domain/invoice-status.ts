import { invoicingFail } from './errors.ts';

export const INVOICE_STATUSES = ['draft', 'issued', 'carried', 'paid', 'void'] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];

export type InvoiceTrigger = 'issue' | 'carry' | 'settle' | 'void';

/**
 * from × trigger → to; null is illegal. A draft is issued in the same commit that settles it. carry: it is too little
 * to collect; it settles with the invoice that took its amount over.
 */
const TRANSITIONS = {
  draft: { issue: 'issued', carry: null, settle: null, void: 'void' },
  issued: { issue: null, carry: 'carried', settle: 'paid', void: 'void' },
  carried: { issue: null, carry: null, settle: 'paid', void: null },
  paid: { issue: null, carry: null, settle: null, void: null },
  void: { issue: null, carry: null, settle: null, void: null },
} as const satisfies Record<InvoiceStatus, Record<InvoiceTrigger, InvoiceStatus | null>>;

/** @throws DomainError `invoicing.illegal_transition`; nothing illegal passes quietly. */
export const nextInvoiceStatus = (from: InvoiceStatus, trigger: InvoiceTrigger): InvoiceStatus => {
  const to = TRANSITIONS[from][trigger];
  if (to === null) throw invoicingFail('invoicing.illegal_transition', `A ${from} invoice cannot ${trigger}.`);
  return to;
};
