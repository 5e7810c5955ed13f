import { type User, UserManager, WebStorageStateStore } from 'oidc-client-ts';

import type { AppConfig } from '../boot/app-config.ts';

const CALLBACK_PATH = '/auth/callback';
/** A token refused this soon after login will be refused again: show it instead of going round in circles. */
const FRESH_LOGIN_MS = 15_000;
const LAST_LOGIN_KEY = 'quittance.last-login';

/** Who is logged in here. The token lives in this tab's session storage and ends with it. */
export interface Session {
  readonly current: () => User | null;
  readonly subscribe: (listener: () => void) => () => void;
  /** Leaves for AuthGate and comes back to `returnTo`, a path of ours. */
  signIn(returnTo: string): Promise<void>;
  /** Finishes a login on the callback page; answers where the person was going. */
  complete(): Promise<string>;
  signOut(): Promise<void>;
  /** The gateway refused the token: log in again, unless that just happened. */
  readonly refused: () => void;
}

export const openSession = async (config: AppConfig): Promise<Session> => {
  const manager = makeManager(config);
  const listeners = new Set<() => void>();
  let user = await manager.getUser();
  const change = (next: User | null): void => {
    user = next;
    for (const listener of listeners) listener();
  };
  manager.events.addUserLoaded(change);
  manager.events.addUserUnloaded(() => change(null));
  manager.events.addAccessTokenExpired(() => change(null));
  // Only with a refresh token: without one renewal needs a frame of the issuer, which our policy refuses.
  manager.events.addAccessTokenExpiring(() => {
    if (user?.refresh_token !== undefined) manager.signinSilent().catch(() => undefined);
  });

  const signIn = (returnTo: string): Promise<void> => manager.signinRedirect({ state: { returnTo } });
  return {
    current: () => (user === null || user.expired === true ? null : user),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    signIn,
    complete: async () => {
      const loggedIn = await manager.signinRedirectCallback();
      sessionStorage.setItem(LAST_LOGIN_KEY, String(Date.now()));
      change(loggedIn);
      return returnPathOf(loggedIn.state);
    },
    signOut: async () => {
      sessionStorage.clear();
      const idToken = user?.id_token;
      await manager.removeUser();
      // An issuer without an end-session page keeps its own session; ours is over all the same.
      await manager
        .signoutRedirect(idToken === undefined ? {} : { id_token_hint: idToken })
        .catch(() => globalThis.location.assign('/'));
    },
    refused: () => {
      const lastLoginMs = Number(sessionStorage.getItem(LAST_LOGIN_KEY) ?? 0);
      if (user === null || Date.now() - lastLoginMs < FRESH_LOGIN_MS) return;
      signIn(currentPath()).catch(() => change(null));
    },
  };
};

export const currentPath = (): string =>
  `${globalThis.location.pathname}${globalThis.location.search}${globalThis.location.hash}`;

const makeManager = (config: AppConfig): UserManager =>
  new UserManager({
    authority: config.issuer,
    client_id: config.clientId,
    scope: config.scope,
    ...(config.resource === null ? {} : { resource: config.resource }),
    response_type: 'code',
    redirect_uri: `${globalThis.location.origin}${CALLBACK_PATH}`,
    post_logout_redirect_uri: `${globalThis.location.origin}/`,
    userStore: new WebStorageStateStore({ store: sessionStorage }),
    // Logins in flight survive a second tab; they hold no token.
    stateStore: new WebStorageStateStore({ store: localStorage }),
    automaticSilentRenew: false,
    loadUserInfo: false,
    monitorSession: false,
  });

/** Only a path of this origin: the state came back through somebody else's server. */
const returnPathOf = (state: unknown): string => {
  if (typeof state !== 'object' || state === null || !('returnTo' in state)) return '/';
  const { returnTo } = state;
  return typeof returnTo === 'string' && /^\/(?![/\\])/.test(returnTo) ? returnTo : '/';
};
