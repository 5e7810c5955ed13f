/** What went wrong with one call. */
export interface QuittanceErrorFacts {
  readonly code: string;
  readonly message: string;
  readonly status?: number | null;
  readonly title?: string | null;
  readonly remedy?: string | null;
  readonly instance?: string | null;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retryAfterMs?: number | null;
  readonly cause?: unknown;
}

/**
 * A refused or failed call. `code` is stable and what to decide by: the platform’s own (`subscription.plan_retired`, see
 * its docs/errors), or one of ours: `client.timeout`, `client.unreachable`, `client.unexpected_answer`,
 * `client.no_token`, `client.invalid_argument`. Never holds a token or a secret.
 */
export class QuittanceError extends Error {
  readonly code: string;
  /** HTTP status; null where no answer came. */
  readonly status: number | null;
  readonly title: string | null;
  /** What to do about it, in words. */
  readonly remedy: string | null;
  /** Finds the log line: tell it to the operators. */
  readonly instance: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  /** How long the platform asked to wait. */
  readonly retryAfterMs: number | null;

  constructor(facts: QuittanceErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'QuittanceError';
    this.code = facts.code;
    this.status = facts.status ?? null;
    this.title = facts.title ?? null;
    this.remedy = facts.remedy ?? null;
    this.instance = facts.instance ?? null;
    this.details = facts.details ?? {};
    this.retryAfterMs = facts.retryAfterMs ?? null;
  }

  /** True where asking again later may help: nothing said no, nobody answered. */
  get mayPass(): boolean {
    if (this.code === 'client.invalid_argument') return false;
    return this.status === null || isPassing(this.status);
  }
}

/** Statuses that say nothing of the request itself: too slow, too many, or broken on the other side. */
export const isPassing = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** How long an answer asks to wait; null where it does not say, or not in seconds. */
export const retryAfterOf = ({ headers }: Response): number | null => {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : null;
};

/** A problem+json answer, or whatever a proxy on the way sent instead. */
export const problemFrom = async (response: Response): Promise<QuittanceError> => {
  const body = await readObject(response);
  const { status } = response;
  const code = text(body['code']) ?? (status >= 500 ? 'platform.unavailable' : `http.${status}`);
  return new QuittanceError({
    code,
    status,
    message: `${code}: ${text(body['detail']) ?? text(body['title']) ?? `the platform answered ${status}`}`,
    title: text(body['title']),
    remedy: text(body['remedy']),
    instance: text(body['instance']),
    details: isObject(body['details']) ? body['details'] : {},
    retryAfterMs: retryAfterOf(response),
  });
};

const readObject = async (response: Response): Promise<Readonly<Record<string, unknown>>> => {
  const body: unknown = await response.json().catch(() => null);
  return isObject(body) ? body : {};
};

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
