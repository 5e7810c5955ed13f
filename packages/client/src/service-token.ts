import { isObject, isPassing, QuittanceError, type QuittanceErrorFacts, retryAfterOf } from './quittance-error.ts';

/** OAuth 2 client credentials at AuthGate. */
export interface ClientCredentials {
  /** AuthGate’s token endpoint. */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Default: all that AuthGate gives this client. */
  readonly scope?: string;
  /** RFC 8707 resource, where AuthGate wants the platform named. */
  readonly resource?: string;
}

export interface ServiceToken {
  /** A token that is good for a while yet; asked for once, however many calls wait. */
  get(signal: AbortSignal): Promise<string>;
  /** The platform refused it. */
  forget(token: string): void;
}

/** A token is not used in its last seconds: the call may take some, and clocks differ. */
const RENEW_BEFORE_MS = 30_000;
/** Of an answer that does not say. */
const LIFE_DEFAULT_SECONDS = 300;

/** Fetches with client credentials and keeps until shortly before expiry. */
export const credentialsToken = (credentials: ClientCredentials, timeoutMs: number): ServiceToken => {
  let known: { readonly token: string; readonly untilMs: number } | null = null;
  let fetching: Promise<string> | null = null;

  const refresh = async (): Promise<string> => {
    const askedAtMs = Date.now();
    const { token, lifeMs } = await askFor(credentials, timeoutMs);
    known = { token, untilMs: askedAtMs + Math.max(lifeMs - RENEW_BEFORE_MS, lifeMs / 2) };
    return token;
  };

  return {
    get: () => {
      if (known !== null && Date.now() < known.untilMs) return Promise.resolve(known.token);
      fetching ??= refresh().finally(() => {
        fetching = null;
      });
      return fetching;
    },
    forget: (token) => {
      if (known?.token === token) known = null;
    },
  };
};

/** A token that somebody else keeps current. */
export const givenToken = (get: () => Promise<string> | string): ServiceToken => ({
  get: async () => {
    try {
      return await get();
    } catch (cause) {
      throw noToken({ message: 'The function that gives the token failed', cause });
    }
  },
  forget: () => undefined,
});

const askFor = async (credentials: ClientCredentials, timeoutMs: number) => {
  const { clientId, clientSecret, scope, resource } = credentials;
  const basic = [clientId, clientSecret].map((part) => encodeURIComponent(part)).join(':');
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scope !== undefined) form.set('scope', scope);
  if (resource !== undefined) form.set('resource', resource);
  try {
    const response = await fetch(credentials.tokenUrl, {
      method: 'POST',
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'error',
      headers: {
        accept: 'application/json',
        authorization: `Basic ${btoa(basic)}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: form.toString(),
    });
    const answer: unknown = await response.json().catch(() => null);
    if (response.ok && isObject(answer) && typeof answer['access_token'] === 'string') {
      const seconds = Number(answer['expires_in'] ?? LIFE_DEFAULT_SECONDS);
      return { token: answer['access_token'], lifeMs: (seconds > 0 ? seconds : LIFE_DEFAULT_SECONDS) * 1000 };
    }
    const error = isObject(answer) && typeof answer['error'] === 'string' ? answer['error'] : 'no token in its answer';
    // What AuthGate refuses will be refused again; whatever else happened may pass.
    const refused = response.status >= 400 && !isPassing(response.status);
    throw noToken({
      message: `AuthGate answered ${response.status}: ${error}`,
      status: refused ? 401 : null,
      retryAfterMs: retryAfterOf(response),
    });
  } catch (error) {
    if (error instanceof QuittanceError) throw error;
    throw noToken({ message: 'AuthGate cannot be reached', cause: error });
  }
};

const noToken = (facts: Omit<QuittanceErrorFacts, 'code'>): QuittanceError =>
  new QuittanceError({ ...facts, code: 'client.no_token', remedy: 'Check tokenUrl, client id and secret.' });
