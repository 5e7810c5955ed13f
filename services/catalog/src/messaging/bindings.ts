import { type Binding, on } from '@quittance/bus';
import { ConfirmCoupon, fromApiMoney, InvoicePaid, ReleaseCoupon, ReserveCoupon } from '@quittance/contracts';

import { type ClaimCoupon, type ReportDiscounts } from '../application/index.ts';
import { fromEventInvoicePaid } from './convert.ts';

/** Nobody waits for a report, and who bought waits for what comes of the same message elsewhere. */
const LINGER_MS = 100;

/** What subscription asks of coupons while a checkout runs, and what invoicing says they took off afterwards. */
export const bindings = (claimCoupon: ClaimCoupon, reportDiscounts: ReportDiscounts): readonly Binding[] => [
  on(ReserveCoupon, ({ data }) => claimCoupon.reserve(data)),
  on(ConfirmCoupon, ({ data }) => claimCoupon.confirm({ ...data, discount: fromApiMoney(data.discount) })),
  on(ReleaseCoupon, ({ data }) => claimCoupon.release(data)),
  on(InvoicePaid, ({ data }) => reportDiscounts(fromEventInvoicePaid(data)), { lingerMs: LINGER_MS }),
];
