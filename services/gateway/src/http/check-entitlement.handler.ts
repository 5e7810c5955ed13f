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
    return ok({ ...decision, accessUntil: decision.accessUntil?.toISOString() ?? null, asOf: asOf.toISOString() });
  });
