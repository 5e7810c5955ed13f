import { type Invoice, type NextOfInvoice } from '../domain/invoice.ts';
import { type Invoices, type NextVersion } from './ports.ts';

interface Deps {
  readonly invoices: Invoices;
  readonly nextVersion: NextVersion;
}

/** The carried invoices whose amounts are lines of this one; an invoice without such lines asks nothing. */
export const findTakenOver = async (deps: Deps, invoice: Invoice): Promise<readonly NextOfInvoice[]> => {
  const ids = invoice.lines.flatMap(({ carriedFrom }) => (carriedFrom === null ? [] : [carriedFrom]));
  if (ids.length === 0) return [];
  const found = await deps.invoices.findMany(ids);
  return [...found.values()]
    .filter(({ carriedTo }) => carriedTo === invoice.id)
    .map((carried) => ({ invoice: carried, version: deps.nextVersion(carried.version) }));
};
