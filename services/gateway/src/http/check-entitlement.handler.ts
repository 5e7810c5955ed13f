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
    return ok({ ...decision, accessUntil: isoText(decision.accessUntil), asOf: isoText(asOf) });
  });

const known = new WeakMap<Date, string>();

/** A row and a beat in memory tell the same dates to every question, and writing a date costs more than deciding. */
function isoText(date: Date): string;
function isoText(date: Date | null): string | null;
function isoText(date: Date | null): string | null {
  if (date === null) return null;
  const before = known.get(date);
  if (before !== undefined) return before;
  const text = date.toISOString();
  known.set(date, text);
  return text;
}
