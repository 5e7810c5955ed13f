import { ApiProblem, problemFrom } from './problem.ts';

/** The gateway waits at most 5 s for a long poll; past this the connection is taken for dead. */
const DEADLINE_MS = 20_000;

export interface Call<Answer> {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
  /** Instead of the token of whoever is logged in; null: none. */
  readonly token?: string | null;
  /** What the page cannot do without. The rest is held by the contract on the server's side. */
  readonly needs: readonly (keyof Answer & string)[];
}

export interface Caller {
  /** A current token, or null for somebody who is not logged in. */
  token(): string | null;
  language(): string;
  /** The gateway did not accept the token it was sent. */
  onUnauthenticated(): void;
}

export type Send = <Answer extends object>(call: Call<Answer>) => Promise<Answer>;

export interface SentFile {
  readonly name: string;
  readonly content: Blob;
}

export type SendForFile = (call: Pick<Call<object>, 'path' | 'query'>) => Promise<SentFile>;

/**
 * The answers are typed by the contracts but not parsed with them: those are strict, and a page that was loaded before
 * a release must not refuse the field which that release adds.
 */
export const makeSend =
  (caller: Caller): Send =>
  async <Answer extends object>(call: Call<Answer>): Promise<Answer> => {
    const response = await goodAnswer(call, caller);
    const answer: unknown = await response.json().catch(() => null);
    if (!hasKeys<Answer>(answer, call.needs)) {
      throw new ApiProblem({ status: response.status, code: 'console.unexpected_answer' });
    }
    return answer;
  };

/** An answer to be saved, under the name it came with. */
export const makeSendForFile =
  (caller: Caller): SendForFile =>
  async (call) => {
    const response = await goodAnswer({ ...call, needs: [] }, caller);
    const [, name] = /filename="([\w.-]+)"/.exec(response.headers.get('content-disposition') ?? '') ?? [];
    if (name === undefined) throw new ApiProblem({ status: response.status, code: 'console.unexpected_answer' });
    return { name, content: await response.blob() };
  };

const goodAnswer = async <Answer>(call: Call<Answer>, caller: Caller): Promise<Response> => {
  const response = await fetchOf(call, caller);
  if (response.status === 401 && call.token === undefined) caller.onUnauthenticated();
  if (!response.ok) throw await problemFrom(response);
  return response;
};

const fetchOf = async <Answer>(call: Call<Answer>, caller: Caller): Promise<Response> => {
  const token = call.token === undefined ? caller.token() : call.token;
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  try {
    return await fetch(addressOf(call), {
      method: call.method ?? 'GET',
      credentials: 'omit',
      signal: call.signal === undefined ? deadline : AbortSignal.any([call.signal, deadline]),
      headers: {
        Accept: 'application/json, application/problem+json, text/csv',
        'Accept-Language': caller.language(),
        ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
        ...(call.body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(call.idempotencyKey === undefined ? {} : { 'Idempotency-Key': call.idempotencyKey }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
  } catch (error) {
    // A page that was left cancels its calls; that is not a failure to show.
    if (call.signal?.aborted) throw error;
    throw new ApiProblem({ status: 0, code: 'console.unreachable' });
  }
};

const addressOf = <Answer>({ path, query = {} }: Call<Answer>): string => {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  const search = new URLSearchParams(given).toString();
  return search === '' ? path : `${path}?${search}`;
};

const hasKeys = <Answer extends object>(value: unknown, keys: readonly (keyof Answer & string)[]): value is Answer =>
  typeof value === 'object' && value !== null && keys.every((key) => key in value);
