import { type AccountScope, findInScope, type Id, platformFail } from '@quittance/kernel';

import { type InvoiceStatus } from '../domain/invoice-status.ts';
import { type Invoice } from '../domain/invoice.ts';
import { type Invoices, type Page, type PageRequest } from './ports.ts';

/** Who reads: an operator sees everything, a customer what was really billed to them. */
export interface Reader {
  readonly scope: AccountScope;
  readonly sees: 'everything' | 'issued_only';
}

const ISSUED: readonly InvoiceStatus[] = ['issued', 'carried', 'paid'];

export type ReadInvoices = ReturnType<typeof makeReadInvoices>;

export const makeReadInvoices = (invoices: Invoices) => ({
  list: (reader: Reader, status: InvoiceStatus | null, page: PageRequest): Promise<Page<Invoice>> => {
    const visible = reader.sees === 'everything' ? null : ISSUED;
    const statuses = status === null ? visible : (visible ?? [status]).filter((one) => one === status);
    return invoices.list(reader.scope, { statuses }, page);
  },

  get: async (reader: Reader, id: Id<'inv'>): Promise<Invoice> => {
    const missing = `There is no invoice ${id}.`;
    const invoice = await findInScope(reader.scope, (reach) => invoices.find(reach, id), missing);
    if (reader.sees === 'issued_only' && !ISSUED.includes(invoice.status)) {
      throw platformFail('platform.not_found', missing);
    }
    return invoice;
  },
});
