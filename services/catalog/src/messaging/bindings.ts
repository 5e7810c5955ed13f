import { type Binding, on } from '@quittance/bus';
import { ConfirmCoupon, fromApiMoney, ReleaseCoupon, ReserveCoupon } from '@quittance/contracts';

import { type ClaimCoupon } from '../application/index.ts';

/** What subscription asks of coupons while a checkout runs. */
export const bindings = (claimCoupon: ClaimCoupon): readonly Binding[] => [
  on(ReserveCoupon, ({ data }) => claimCoupon.reserve(data)),
  on(ConfirmCoupon, ({ data }) => claimCoupon.confirm({ ...data, discount: fromApiMoney(data.discount) })),
  on(ReleaseCoupon, ({ data }) => claimCoupon.release(data)),
];
