import { GetBalanceDue } from '@quittance/contracts';
import { accountOf, handle, ok } from '@quittance/http';

import { type ReadBalanceDue } from '../application/index.ts';
import { toApiBalanceDue } from './convert.ts';

export const getBalanceDueHandler = (read: ReadBalanceDue) =>
  handle(GetBalanceDue, async ({ query, principal }) => {
    const accountId = accountOf(principal, query.account);
    const { owed, asOf } = await read(accountId);
    return ok({ accountId, data: owed.map(toApiBalanceDue), asOf: asOf.toISOString() });
  });
