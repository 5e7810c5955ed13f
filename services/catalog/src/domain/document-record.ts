import { money, toDecimal } from '@quittance/money';

import { type PlanDocument } from './plan.ts';

/** The prices of a document as the audit trail tells them: `99.00 USD per month`. */
export const pricesOfDocument = ({ prices }: PlanDocument): readonly string[] =>
  prices.map(
    ({ amountMinor, currency, interval, region }) =>
      `${toDecimal(money(amountMinor, currency))} ${currency} per ${interval}${region === null ? '' : ` in ${region}`}`,
  );
