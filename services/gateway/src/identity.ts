import {
  bearerIdentity,
  makeAdminList,
  makeAuthGateVerifier,
  makeToPrincipal,
  toAuthGateConfig,
  toRoleNames,
} from '@quittance/auth';
import { assert, platformFail, type Principal, type WallClock } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';

import { type HandOff, sessionPrincipal } from './application/index.ts';
import { type GatewayConfig } from './config.ts';
import { SESSION_PREFIX } from './http/handoff.handlers.ts';

/** Who a caller is: AuthGate’s token, verified, and SuperAdmin’s list where there is one; or a hand-off’s session. */
export const makeIdentity = (
  config: GatewayConfig,
  deps: { readonly wallClock: WallClock; readonly logger: Logger; readonly handOff: HandOff },
) => {
  const verifier = makeAuthGateVerifier(toAuthGateConfig(config), deps);
  const toPrincipal = makeToPrincipal(toRoleNames(config), adminListOf(config, deps));
  return bearerIdentity(async (token) =>
    token.startsWith(SESSION_PREFIX)
      ? handedOff(deps.handOff, token.slice(SESSION_PREFIX.length))
      : toPrincipal(await verifier.verify(token)),
  );
};

const handedOff = async (handOff: HandOff, session: string): Promise<Principal> => {
  const handoff = await handOff.findSession(session);
  if (handoff === null) throw platformFail('platform.unauthenticated', 'This hand-off session has ended.');
  return sessionPrincipal(handoff);
};

const adminListOf = (config: GatewayConfig, deps: { readonly wallClock: WallClock; readonly logger: Logger }) => {
  if (config.ADMIN_LIST_URL === undefined) return null;
  assert(config.ADMIN_LIST_SECRET, 'ADMIN_LIST_URL needs ADMIN_LIST_SECRET');
  return makeAdminList({ url: config.ADMIN_LIST_URL, secret: config.ADMIN_LIST_SECRET, ...deps });
};
