import {
  ConfirmCoupon,
  type CouponChanged,
  fromApiMoney,
  OpenInvoice,
  outgoing,
  type OutgoingMessage,
  ReleaseCoupon,
  ReserveCoupon,
  toApiMoney,
} from '@quittance/contracts';
import { assertNever } from '@quittance/kernel';
import { isZero, type Money, multiplyRatio, negate } from '@quittance/money';
import { type z } from 'zod';

import { type Coupon, discountParts } from '../domain/coupon.ts';
import { type SubscriptionMessage } from '../domain/messages.ts';

export type CouponMessage = Extract<
  SubscriptionMessage,
  { type: 'reserve_coupon' | 'confirm_coupon' | 'release_coupon' | 'open_discounted_invoice' }
>;

/** Each has one id a checkout, so that a retry is the same command. */
export const toCouponMessage = (message: CouponMessage): OutgoingMessage => {
  const { checkoutId } = message;
  switch (message.type) {
    case 'reserve_coupon': {
      const { type: _type, ...data } = message;
      return outgoing(ReserveCoupon, { id: `${checkoutId}:reserve-coupon`, subject: checkoutId, data });
    }
    case 'confirm_coupon': {
      const { type: _type, discount, ...data } = message;
      return outgoing(ConfirmCoupon, {
        id: `${checkoutId}:confirm-coupon`,
        subject: checkoutId,
        data: { ...data, discount: toApiMoney(discount) },
      });
    }
    case 'release_coupon': {
      const { type: _type, ...data } = message;
      return outgoing(ReleaseCoupon, { id: `${checkoutId}:release-coupon`, subject: checkoutId, data });
    }
    case 'open_discounted_invoice': {
      const data = OpenInvoice.data.parse(message.stored);
      return outgoing(OpenInvoice, { id: `${checkoutId}:open-invoice`, subject: data.subscriptionId, data });
    }
    default:
      return assertNever(message);
  }
};

/** Under each line what the coupon takes off it, taxed as the line is: the discounted price is what is taxed. */
export const withDiscount = (
  invoice: z.infer<typeof OpenInvoice.data>,
  coupon: { readonly code: string; readonly discount: Money },
): z.infer<typeof OpenInvoice.data> => {
  const amounts = invoice.lines.map((line) => multiplyRatio(fromApiMoney(line.unitPrice), BigInt(line.quantity), 1n));
  const parts = discountParts(coupon.discount, amounts);
  return {
    ...invoice,
    lines: invoice.lines.flatMap((line, at) => {
      const part = parts[at];
      if (part === undefined || isZero(part)) return [line];
      const reduction = {
        ...line,
        description: `${line.description} – ${coupon.code}`,
        quantity: 1,
        unitPrice: toApiMoney(negate(part)),
      };
      return [line, reduction];
    }),
  };
};

export const fromEventCoupon = (data: z.infer<typeof CouponChanged.data>): Coupon => ({
  ...data,
  discount:
    data.discount.kind === 'fixed' ? { kind: 'fixed', amount: fromApiMoney(data.discount.amount) } : data.discount,
  expiresAt: data.expiresAt === null ? null : new Date(data.expiresAt),
});
