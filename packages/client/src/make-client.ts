import { makeCall } from './call.ts';
import { failClosed } from './check-entitlement.ts';
import { makeMethods } from './generated/methods.ts';
import { requireAddress, requireAttempts } from './require-settings.ts';
import { type ClientCredentials, credentialsToken, givenToken } from './service-token.ts';

export interface ClientSettings {
  /** The gateway, `https://billing.example`. */
  readonly baseUrl: string;
  /** How this service proves who it is: credentials at AuthGate, or whatever gives a current token. */
  readonly auth: ClientCredentials | (() => Promise<string> | string);
  /** Of one attempt. Default 2000. */
  readonly timeoutMs?: number;
  /** Further attempts where asking again changes nothing. Default 2. */
  readonly retriesMax?: number;
}

export type QuittanceClient = ReturnType<typeof makeClient>;

const TIMEOUT_DEFAULT_MS = 2000;
const RETRIES_DEFAULT = 2;

/**
 * Every route of the platform as a method; `checkEntitlement` fails closed. Make one for a process: it keeps the token.
 * @throws QuittanceError client.invalid_argument, for settings that can never work
 */
export const makeClient = (settings: ClientSettings) => {
  const { auth, timeoutMs = TIMEOUT_DEFAULT_MS, retriesMax = RETRIES_DEFAULT } = settings;
  requireAddress('baseUrl', settings.baseUrl);
  requireAttempts(settings);
  if (typeof auth !== 'function') requireAddress('tokenUrl', auth.tokenUrl.replace(/\?.*$/s, ''));
  const token = typeof auth === 'function' ? givenToken(auth) : credentialsToken(auth, timeoutMs);
  const baseUrl = settings.baseUrl.replace(/\/+$/, '');
  const methods = makeMethods(makeCall({ baseUrl, token, timeoutMs, retriesMax }));
  return { ...methods, checkEntitlement: failClosed(methods.checkEntitlement) };
};
