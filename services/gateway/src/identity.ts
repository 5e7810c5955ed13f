import {
  bearerIdentity,
  makeAdminList,
  makeAuthGateVerifier,
  makeToPrincipal,
  toAuthGateConfig,
  toRoleNames,
} from '@quittance/auth';
import { assert, type WallClock } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';

import { type GatewayConfig } from './config.ts';

/** Who a caller is: AuthGate’s token, verified, and SuperAdmin’s list where there is one. */
export const makeIdentity = (
  config: GatewayConfig,
  deps: { readonly wallClock: WallClock; readonly logger: Logger },
) => {
  const verifier = makeAuthGateVerifier(toAuthGateConfig(config), deps);
  const toPrincipal = makeToPrincipal(toRoleNames(config), adminListOf(config, deps));
  return bearerIdentity(async (token) => toPrincipal(await verifier.verify(token)));
};

const adminListOf = (config: GatewayConfig, deps: { readonly wallClock: WallClock; readonly logger: Logger }) => {
  if (config.ADMIN_LIST_URL === undefined) return null;
  assert(config.ADMIN_LIST_SECRET, 'ADMIN_LIST_URL needs ADMIN_LIST_SECRET');
  return makeAdminList({ url: config.ADMIN_LIST_URL, secret: config.ADMIN_LIST_SECRET, ...deps });
};
