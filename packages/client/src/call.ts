import { isObject, problemFrom, QuittanceError } from './quittance-error.ts';
import { invalidArgument, requireAttempts } from './require-settings.ts';
import { type ServiceToken } from './service-token.ts';

export interface CallOptions {
  /** Of one attempt. Default: the client’s. */
  readonly timeoutMs?: number;
  /** Further attempts after the first. Default: the client’s. */
  readonly retriesMax?: number;
  /** Ends the call, also between attempts. */
  readonly signal?: AbortSignal;
  /** Of what is done only once. Default: a new one for each call, the same for its attempts. */
  readonly idempotencyKey?: string;
}

export interface Route<Answer> {
  readonly method: string;
  readonly path: string;
  /** Which of the input’s names go into the query. */
  readonly query: readonly string[];
  /** What a broken connection allows: asking again changes nothing, changes nothing under one key, or nobody knows. */
  readonly repeat: 'safe' | 'with_key' | 'never';
  /** What an answer always has. The rest may grow: a client must survive the field a later release adds. */
  readonly needs: readonly (keyof Answer & string)[];
}

export type Call = <Answer extends object>(
  route: Route<Answer>,
  input: object,
  options?: CallOptions,
) => Promise<Answer>;

export interface CallSettings {
  readonly baseUrl: string;
  readonly token: ServiceToken;
  readonly timeoutMs: number;
  readonly retriesMax: number;
}

const PAUSE_FIRST_MS = 50;
const PAUSE_MAX_MS = 2000;

/** One call with its attempts. Throws `QuittanceError` and nothing else, but the reason of the caller’s own signal. */
export const makeCall =
  (settings: CallSettings): Call =>
  async <Answer extends object>(route: Route<Answer>, input: object, options: CallOptions = {}): Promise<Answer> => {
    requireAttempts(options);
    const request = toRequest(settings, { route, input, options });
    const isAnswer = (value: unknown): value is Answer => isObject(value) && route.needs.every((name) => name in value);
    const attemptsMax = route.repeat === 'never' ? 1 : 1 + (options.retriesMax ?? settings.retriesMax);
    for (let made = 1; ; made += 1) {
      options.signal?.throwIfAborted();
      try {
        const answer = await attempt(request, settings, options);
        if (isAnswer(answer)) return answer;
        throw unexpected();
      } catch (error) {
        if (!(error instanceof QuittanceError) || made >= attemptsMax || !mayRepeat(error)) throw error;
        await pause(made, error.retryAfterMs, options.signal);
      }
    }
  };

/** Refusals stay refusals. 409 is the first request under this key, still running. */
const mayRepeat = (error: QuittanceError): boolean =>
  error.mayPass || error.code === 'platform.idempotency_in_progress';

interface Request {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

const toRequest = (
  { baseUrl }: CallSettings,
  call: { readonly route: Omit<Route<object>, 'needs'>; readonly input: object; readonly options: CallOptions },
): Request => {
  const { route, input, options } = call;
  const left = new Map<string, unknown>(Object.entries(input));
  const take = (name: string): unknown => {
    const value = left.get(name);
    left.delete(name);
    return value;
  };
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) => pathPart(name, take(name)));
  const query = new URLSearchParams();
  for (const name of route.query) {
    const value = take(name);
    if (value !== undefined) query.set(name, asText(value));
  }
  const hasBody = route.method !== 'GET' && left.size > 0;
  const key = route.repeat === 'with_key' ? (options.idempotencyKey ?? crypto.randomUUID()) : options.idempotencyKey;
  return {
    url: `${baseUrl}${path}${query.size === 0 ? '' : `?${query.toString()}`}`,
    method: route.method,
    headers: {
      accept: 'application/json, application/problem+json',
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body: hasBody ? JSON.stringify(Object.fromEntries(left)) : null,
  };
};

/** Encoded, so that it stays one part of the path; these three would be none, and lead to another route. */
const pathPart = (name: string, value: unknown): string => {
  const part = value === undefined || value === null ? '' : asText(value);
  if (['', '.', '..'].includes(part)) throw invalidArgument(`${name} is part of the address and must name something.`);
  return encodeURIComponent(part);
};

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const attempt = async (request: Request, settings: CallSettings, options: CallOptions): Promise<unknown> => {
  const deadline = AbortSignal.timeout(options.timeoutMs ?? settings.timeoutMs);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([options.signal, deadline]);
  try {
    const response = await authorized(request, settings.token, signal);
    if (!response.ok) throw await problemFrom(response);
    const answer: unknown = await response.json();
    return answer;
  } catch (error) {
    throw toQuittanceError(error, { deadline, given: options.signal });
  }
};

/** A token that was good a moment ago may have been withdrawn: once more with a new one. */
const authorized = async (request: Request, token: ServiceToken, signal: AbortSignal): Promise<Response> => {
  const first = await within(token.get(signal), signal);
  const response = await send(request, first, signal);
  if (response.status !== 401) return response;
  token.forget(first);
  const second = await within(token.get(signal), signal);
  return second === first ? response : send(request, second, signal);
};

const send = ({ url, method, headers, body }: Request, token: string, signal: AbortSignal): Promise<Response> =>
  fetch(url, {
    method,
    signal,
    redirect: 'error',
    headers: { ...headers, authorization: `Bearer ${token}` },
    ...(body === null ? {} : { body }),
  });

/** What others wait for too goes on; this call only stops waiting. */
const within = <Value>(value: Promise<Value>, signal: AbortSignal): Promise<Value> =>
  new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    value.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });

const toQuittanceError = (
  error: unknown,
  { deadline, given }: { readonly deadline: AbortSignal; readonly given: AbortSignal | undefined },
): unknown => {
  if (error instanceof QuittanceError || given?.aborted === true) return error;
  if (deadline.aborted) {
    return new QuittanceError({
      code: 'client.timeout',
      message: 'The platform did not answer in time.',
      cause: error,
    });
  }
  if (error instanceof SyntaxError) return unexpected(error);
  return new QuittanceError({ code: 'client.unreachable', message: 'The platform cannot be reached.', cause: error });
};

const unexpected = (cause?: unknown): QuittanceError =>
  new QuittanceError({
    code: 'client.unexpected_answer',
    message: 'What came back is no answer of the platform.',
    cause,
  });

/** Anywhere between nothing and the doubled pause, so that many who failed together do not come back together. */
const pause = (made: number, askedMs: number | null, signal: AbortSignal | undefined): Promise<void> => {
  const jitterMs = Math.random() * Math.min(PAUSE_FIRST_MS * 2 ** made, PAUSE_MAX_MS);
  const pauseMs = Math.min(Math.max(askedMs ?? 0, jitterMs), PAUSE_MAX_MS);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, pauseMs);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', stop, { once: true });
  });
};
