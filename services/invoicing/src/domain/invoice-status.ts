import { invoicingFail } from './errors.ts';

export const INVOICE_STATUSES = ['draft', 'issued', 'paid', 'void'] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];

export type InvoiceTrigger = 'issue' | 'settle' | 'void';

/** from × trigger → to; null is illegal. A draft is issued in the same commit that settles it. */
const TRANSITIONS = {
  draft: { issue: 'issued', settle: null, void: 'void' },
  issued: { issue: null, settle: 'paid', void: 'void' },
  paid: { issue: null, settle: null, void: null },
  void: { issue: null, settle: null, void: null },
} as const satisfies Record<InvoiceStatus, Record<InvoiceTrigger, InvoiceStatus | null>>;

/** @throws DomainError `invoicing.illegal_transition`; nothing illegal passes quietly. */
export const nextInvoiceStatus = (from: InvoiceStatus, trigger: InvoiceTrigger): InvoiceStatus => {
  const to = TRANSITIONS[from][trigger];
  if (to === null) throw invoicingFail('invoicing.illegal_transition', `A ${from} invoice cannot ${trigger}.`);
  return to;
};
