import type { User } from 'oidc-client-ts';
import { createContext, use, useSyncExternalStore } from 'react';

import type { Api } from '../api/api.ts';
import type { Session } from '../auth/session.ts';
import type { AppConfig } from './app-config.ts';

export interface App {
  readonly config: AppConfig;
  readonly session: Session;
  readonly api: Api;
}

export const AppContext = createContext<App | null>(null);

export const useApp = (): App => {
  const app = use(AppContext);
  if (app === null) throw new Error('useApp is used outside the application');
  return app;
};

/** Who is logged in, or null; changes as it happens. */
export const useUser = (): User | null => {
  const { session } = useApp();
  return useSyncExternalStore(session.subscribe, session.current);
};
