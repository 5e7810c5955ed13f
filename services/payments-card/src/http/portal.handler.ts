import { CreatePortalSession } from '@quittance/contracts';
import { created, handle, scopeOf } from '@quittance/http';
import { platformFail } from '@quittance/kernel';

import { type OpenPortal } from '../application/index.ts';

export const portalHandler = (openPortal: OpenPortal) =>
  handle(CreatePortalSession, async ({ body, principal }) => {
    const scope = scopeOf(principal);
    if (scope === 'every_account') throw platformFail('platform.forbidden', 'The portal is for one’s own account.');
    return created(await openPortal({ accountId: scope.account, returnUrl: body.returnUrl ?? null }));
  });
