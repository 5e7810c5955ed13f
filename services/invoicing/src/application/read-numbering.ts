import { type Clock, platformFail } from '@quittance/kernel';

import { type Invoice } from '../domain/invoice.ts';
import { type Numbering } from '../domain/issue-and-settle.ts';
import { yearOfIssue } from '../domain/number-series.ts';
import { type Seller } from '../domain/seller.ts';
import { type NextVersion, type NumberSeriesStore, type Sellers } from './ports.ts';

export interface NumberingDeps {
  readonly sellers: Sellers;
  readonly numberSeries: NumberSeriesStore;
  readonly clock: Clock;
  readonly nextVersion: NextVersion;
}

/** Who issues this invoice: as it is now, for the number; the invoice keeps its copy of how it was. */
export const sellerOfInvoice = async (
  { sellers }: Pick<NumberingDeps, 'sellers'>,
  invoice: Pick<Invoice, 'seller'>,
): Promise<Seller> => {
  const seller = await sellers.find(invoice.seller.id);
  if (seller === null) throw platformFail('platform.not_found', `There is no seller ${invoice.seller.id}.`);
  return seller;
};

/** What this invoice would be numbered with if it were issued now. */
export const readNumbering = async (
  { numberSeries, clock, nextVersion }: Omit<NumberingDeps, 'sellers'>,
  invoice: Pick<Invoice, 'version'>,
  seller: Seller,
): Promise<Numbering> => {
  const now = clock.now();
  const series = await numberSeries.read(seller.id, yearOfIssue(now, seller.timeZone));
  return { seller, series, now, version: nextVersion(invoice.version) };
};
