/** An answer that is not the one asked for, as RFC 9457 tells it; status 0 when no answer came at all. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string | null;
  readonly remedy: string | null;
  readonly instance: string | null;

  constructor(facts: {
    status: number;
    code: string;
    title?: unknown;
    remedy?: unknown;
    instance?: unknown;
    detail?: unknown;
  }) {
    super(textOf(facts.detail) ?? facts.code);
    this.name = 'ApiProblem';
    this.status = facts.status;
    this.code = facts.code;
    this.title = textOf(facts.title);
    this.remedy = textOf(facts.remedy);
    this.instance = textOf(facts.instance);
  }
}

export const isApiProblem = (error: unknown): error is ApiProblem => error instanceof ApiProblem;

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** A refused answer, whoever sent it: a proxy on the way may answer without our problem document. */
export const problemFrom = async (response: Response): Promise<ApiProblem> => {
  const body: unknown = await response.json().catch(() => null);
  const facts = isRecord(body) ? body : {};
  const fallback = response.status >= 500 ? 'platform.unavailable' : `http.${response.status}`;
  return new ApiProblem({ ...facts, status: response.status, code: textOf(facts['code']) ?? fallback });
};
