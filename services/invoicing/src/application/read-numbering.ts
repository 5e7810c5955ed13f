import { type Clock, platformFail } from '@quittance/kernel';

import { type Invoice } from '../domain/invoice.ts';
import { type Numbering } from '../domain/issue-and-settle.ts';
import { yearOfIssue } from '../domain/number-series.ts';
import { type NextVersion, type NumberSeriesStore, type Sellers } from './ports.ts';

export interface NumberingDeps {
  readonly sellers: Sellers;
  readonly numberSeries: NumberSeriesStore;
  readonly clock: Clock;
  readonly nextVersion: NextVersion;
}

/** What the seller of this invoice would number it with if it were issued now. */
export const readNumbering = async (
  { sellers, numberSeries, clock, nextVersion }: NumberingDeps,
  invoice: Pick<Invoice, 'seller' | 'version'>,
): Promise<Numbering> => {
  const seller = await sellers.find(invoice.seller.id);
  if (seller === null) throw platformFail('platform.not_found', `There is no seller ${invoice.seller.id}.`);
  const now = clock.now();
  const series = await numberSeries.read(seller.id, yearOfIssue(now, seller.timeZone));
  return { seller, series, now, version: nextVersion(invoice.version) };
};
