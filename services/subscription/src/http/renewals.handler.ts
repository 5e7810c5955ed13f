import { ListRenewals } from '@quittance/contracts';
import { handle, ok } from '@quittance/http';

import { type ReadRenewals } from '../application/index.ts';
import { toApiRenewals } from './convert-renewals.ts';

export const listRenewalsHandler = (read: ReadRenewals) =>
  handle(ListRenewals, async ({ query }) =>
    ok(
      toApiRenewals(
        await read(
          { days: query.window, accountId: query.account ?? null },
          { limit: query.limit, after: query.after ?? null },
        ),
      ),
    ),
  );
