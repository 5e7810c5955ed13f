import { type AccountScope, findInScope, type Id, platformFail } from '@quittance/kernel';

import { type InvoiceStatus } from '../domain/invoice-status.ts';
import { type Invoice } from '../domain/invoice.ts';
import { type Invoices, type Page, type PageRequest } from './ports.ts';

/** Who reads: an operator sees everything, a customer what was really billed to them, also where it was taken back. */
export interface Reader {
  readonly scope: AccountScope;
  readonly sees: 'everything' | 'numbered_only';
}

export type ReadInvoices = ReturnType<typeof makeReadInvoices>;

export const makeReadInvoices = (invoices: Invoices) => ({
  list: ({ scope, sees }: Reader, status: InvoiceStatus | null, page: PageRequest): Promise<Page<Invoice>> =>
    invoices.list(scope, { status, numberedOnly: sees === 'numbered_only' }, page),

  get: async (reader: Reader, id: Id<'inv'>): Promise<Invoice> => {
    const missing = `There is no invoice ${id}.`;
    const invoice = await findInScope(reader.scope, (reach) => invoices.find(reach, id), missing);
    if (reader.sees === 'numbered_only' && invoice.number === null) throw platformFail('platform.not_found', missing);
    return invoice;
  },
});
