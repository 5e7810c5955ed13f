import { type Principal } from '@quittance/kernel';

import { refuseToken } from './refuse-token.ts';

/** As much of a request as says who asks. */
export interface WithAuthorization {
  readonly headers: { readonly authorization?: string | undefined };
}

const BEARER = /^Bearer ([^\s]+)$/i;

/**
 * The `identity` that `makeApp` wants, from whatever verifies a token: null without an Authorization header,
 * `platform.unauthenticated` for one that is not `Bearer` and one token.
 */
export const bearerIdentity =
  (verify: (token: string) => Promise<Principal>) =>
  async (request: WithAuthorization): Promise<Principal | null> => {
    const { authorization } = request.headers;
    if (authorization === undefined) return null;
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined) throw refuseToken('scheme');
    return verify(token);
  };
