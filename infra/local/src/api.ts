import { type HttpContract } from '@quittance/contracts';
import { z } from 'zod';

const Problem = z.looseObject({ code: z.string(), detail: z.string().optional(), status: z.number() });

/** A problem+json answer as an error. */
export class ApiProblem extends Error {
  readonly code: string;
  readonly status: number;

  constructor(status: number, code: string, detail: string) {
    super(`${status} ${code}: ${detail}`);
    this.name = 'ApiProblem';
    this.code = code;
    this.status = status;
  }
}

export interface CallInput {
  readonly token?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const DEADLINE_MS = 15_000;

export type Send = (url: URL, init: RequestInit) => Promise<Response>;

/** Calls a gateway by contract: the answer is parsed, a problem is thrown. */
export const makeCall =
  (baseUrl: string, send: Send = fetch) =>
  async <Answer>(
    contract: Pick<HttpContract, 'method' | 'path'> & { readonly answer: z.ZodType<Answer> },
    input: CallInput = {},
  ): Promise<Answer> => {
    const path = contract.path.replaceAll(/:(\w+)/g, (_, name: string) =>
      encodeURIComponent(input.params?.[name] ?? ''),
    );
    const url = new URL(path, baseUrl);
    for (const [name, value] of Object.entries(input.query ?? {})) url.searchParams.set(name, value);
    const response = await send(url, {
      method: contract.method,
      signal: AbortSignal.timeout(DEADLINE_MS),
      headers: {
        ...(input.token === undefined ? {} : { authorization: `Bearer ${input.token}` }),
        ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(input.idempotencyKey === undefined ? {} : { 'idempotency-key': input.idempotencyKey }),
        ...input.headers,
      },
      ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    });
    const answer: unknown = await response.json();
    if (response.ok) return contract.answer.parse(answer);
    const problem = Problem.safeParse(answer);
    throw problem.success
      ? new ApiProblem(response.status, problem.data.code, problem.data.detail ?? '')
      : new ApiProblem(response.status, 'unreadable', JSON.stringify(answer));
  };
