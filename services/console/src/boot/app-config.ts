import type { PublicConfig } from '../../server/config.ts';
import { isLanguage, type Language } from '../i18n/languages.ts';

export type AppConfig = Omit<PublicConfig, 'languages'> & { readonly languages: readonly Language[] };

/** Read once, before anything is drawn. Throws when the server does not answer as it should. */
export const loadAppConfig = async (): Promise<AppConfig> => {
  const response = await fetch('/config.json', { credentials: 'omit' });
  const config: unknown = response.ok ? await response.json() : null;
  if (!isPublicConfig(config)) throw new Error('The console cannot read its configuration.');
  return { ...config, languages: config.languages.filter(isLanguage) };
};

const isPublicConfig = (value: unknown): value is PublicConfig =>
  typeof value === 'object' &&
  value !== null &&
  'issuer' in value &&
  'clientId' in value &&
  'languages' in value &&
  'support' in value;
