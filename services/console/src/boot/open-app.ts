import i18next from 'i18next';

import { makeApi } from '../api/api.ts';
import { makeSend, makeSendForFile } from '../api/send.ts';
import { openSession } from '../auth/session.ts';
import { firstLanguage } from '../i18n/languages.ts';
import { startTranslations } from '../i18n/setup.ts';
import { loadAppConfig } from './app-config.ts';
import type { App } from './app-context.ts';

/** Configuration, words and session, in the order they depend on each other. */
export const openApp = async (): Promise<App> => {
  const config = await loadAppConfig();
  const [session] = await Promise.all([openSession(config), startTranslations(firstLanguage(config.languages))]);
  const caller = {
    token: () => session.current()?.access_token ?? null,
    language: () => i18next.language,
    onUnauthenticated: session.refused,
  };
  return { config, session, api: makeApi(makeSend(caller), makeSendForFile(caller)) };
};
