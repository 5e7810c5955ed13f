import { CheckEntitlement as CheckEntitlementContract } from '@quittance/contracts';
import { handle, ok } from '@quittance/http';

import { type CheckEntitlement } from '../application/index.ts';

export const checkEntitlementHandler = (checkEntitlement: CheckEntitlement) =>
  handle(CheckEntitlementContract, async ({ body }) => {
    const { decision, asOf } = await checkEntitlement({
      accountId: body.account,
      productKey: body.product,
      feature: body.feature ?? null,
    });
    const accessUntil = decision.accessUntil === null ? null : isoText(decision.accessUntil);
    return ok({ ...decision, accessUntil, asOf: isoText(asOf) });
  });

const textOf = new WeakMap<Date, string>();

/** A row and a beat in memory tell the same dates to every question, and writing a date costs more than deciding. */
const isoText = (date: Date): string => {
  const known = textOf.get(date);
  if (known !== undefined) return known;
  const text = date.toISOString();
  textOf.set(date, text);
  return text;
};
