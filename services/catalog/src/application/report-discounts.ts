import { type AccountId, type AuditEntry, type Clock, type Id, type UnitOfWork } from '@quittance/kernel';
import { type Currency, toDecimal } from '@quittance/money';

import { type CouponDiscounted } from '../domain/coupon.ts';
import { discountsOnInvoice, type InvoiceLine } from '../domain/discounts-on-invoice.ts';
import { type CatalogMessage } from '../domain/messages.ts';
import { type CouponStore } from './coupon-ports.ts';

export interface PaidInvoice {
  readonly invoiceId: Id<'inv'>;
  readonly kind: string;
  readonly accountId: AccountId;
  readonly currency: Currency;
  readonly paidAt: Date | null;
  readonly lines: readonly InvoiceLine[];
}

export type ReportDiscounts = (paid: PaidInvoice) => Promise<void>;

interface Deps {
  readonly coupons: CouponStore;
  readonly unitOfWork: UnitOfWork<CatalogMessage>;
  readonly clock: Clock;
}

/**
 * Keeps what a coupon took off a paid invoice, once for each, for the report. The first invoice of a checkout is not
 * among them: its redemption says it already. So does that of a plan change with a coupon of its own; but nobody sees
 * on it which coupons are new, so it is kept where it is told before its redemption, and the report leaves it out.
 */
export const makeReportDiscounts =
  (deps: Deps): ReportDiscounts =>
  async (paid) => {
    if (paid.kind === 'checkout') return;
    const found: CouponDiscounted[] = [];
    for (const [code, discount] of discountsOnInvoice(paid.lines, paid.currency)) {
      const coupon = await deps.coupons.findByCode(code);
      const { invoiceId, accountId } = paid;
      if (coupon === null || !(await deps.coupons.isNewsOf(coupon.id, { invoiceId, accountId }))) continue;
      found.push({ couponId: coupon.id, invoiceId, accountId, discount, paidAt: paid.paidAt ?? deps.clock.now() });
    }
    if (found.length === 0) return;
    await deps.unitOfWork.commit({
      writes: found.map((each) => deps.coupons.addDiscount(each)),
      messages: [],
      audit: found.map(entry),
    });
  };

const entry = ({ couponId, accountId, invoiceId, discount }: CouponDiscounted): AuditEntry => ({
  action: 'coupon.discounted',
  subject: { type: 'coupon', id: couponId },
  accountId,
  after: { invoiceId, discount: `${toDecimal(discount)} ${discount.currency}` },
});
