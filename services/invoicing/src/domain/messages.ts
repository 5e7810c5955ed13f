import { type Invoice } from './invoice.ts';
import { type CollectionOrder, type DeclineReason, type ReturnUrls } from './order.ts';
import { type Payment } from './payment.ts';

export type VoidReason = 'order_expired' | 'order_failed' | 'cancelled';

/** What invoicing tells others, before it is put into the words of the contracts. */
export type InvoicingMessage =
  | { readonly type: 'invoice_drafted'; readonly invoice: Invoice }
  | { readonly type: 'invoice_carried'; readonly invoice: Invoice }
  | { readonly type: 'invoice_paid'; readonly invoice: Invoice; readonly payment: Payment | null }
  | { readonly type: 'invoice_voided'; readonly invoice: Invoice; readonly reason: VoidReason }
  | {
      readonly type: 'open_order';
      readonly order: CollectionOrder;
      readonly checkoutId: Invoice['checkoutId'];
      readonly description: string;
      readonly returnUrls: ReturnUrls;
    }
  | {
      readonly type: 'charge_order';
      readonly order: CollectionOrder;
      readonly attempt: number;
      readonly description: string;
    }
  | {
      readonly type: 'invoice_collection_failed';
      readonly invoice: Invoice;
      readonly attempt: number;
      readonly reason: DeclineReason;
      readonly failedAt: Date;
    }
  | { readonly type: 'close_order'; readonly order: CollectionOrder; readonly reason: string };
