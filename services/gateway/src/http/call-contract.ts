import { type HttpContract } from '@quittance/contracts';
import { TRESPASS_HEADER } from '@quittance/http';
import { assert, DomainError, type ErrorKind, platformFail, type Principal } from '@quittance/kernel';
import { z } from 'zod';

import { type CallService, type ServiceAnswer } from '../application/index.ts';

export interface ContractCall {
  readonly principal: Principal | null;
  readonly requestId: string | null;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Headers of the caller that go along. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For what can be done without; default as long as any service may take. */
  readonly timeoutMs?: number;
}

/** Calls one route of a service by its contract; the answer is parsed. Its problems are thrown as they were told. */
export const callContract = async <Params, Query, Body, Data>(
  callService: CallService,
  contract: HttpContract<Params, Query, Body, Data>,
  call: ContractCall,
): Promise<Data> => {
  const query = new URLSearchParams({ ...call.query }).toString();
  const answer = await callService({
    service: contract.service,
    method: contract.method,
    path: `${pathOf(contract.path, call.params ?? {})}${query === '' ? '' : `?${query}`}`,
    headers: {
      accept: 'application/json',
      ...(call.requestId === null ? {} : { 'x-request-id': call.requestId }),
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
    },
    body: call.body === undefined ? null : Buffer.from(JSON.stringify(call.body)),
    principal: call.principal,
    ...(call.timeoutMs === undefined ? {} : { timeoutMs: call.timeoutMs }),
  });
  const json: unknown = parseJson(answer.body);
  if (answer.status >= 400) throw toError(answer, json, contract.service);
  const parsed = contract.answer.safeParse(json);
  assert(parsed.success, `${contract.service} answered ${contract.name} against its contract`);
  return parsed.data;
};

const pathOf = (path: string, params: Readonly<Record<string, string>>): string =>
  path.replaceAll(/:(\w+)/g, (_match, name: string) => encodeURIComponent(params[name] ?? ''));

const parseJson = (body: Buffer): unknown => {
  try {
    const json: unknown = JSON.parse(body.toString('utf8'));
    return json;
  } catch {
    return null;
  }
};

const KIND_OF_STATUS: Readonly<Record<number, ErrorKind>> = {
  400: 'invalid',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  422: 'refused',
  429: 'rate_limited',
};

const ToldProblem = z.object({
  code: z.string(),
  detail: z.string().optional(),
  title: z.string(),
  remedy: z.string().default('Report the `instance` of this answer; it finds the log line.'),
  details: z.record(z.string(), z.unknown()).default({}),
});

const toError = ({ status, headers }: ServiceAnswer, json: unknown, service: string): DomainError => {
  const problem = ToldProblem.safeParse(json);
  const kind = KIND_OF_STATUS[status];
  if (!problem.success || kind === undefined) {
    return platformFail('platform.unavailable', `${service} could not answer (${status}).`);
  }
  const { code, detail, title, remedy, details } = problem.data;
  return new DomainError({ code, kind }, detail ?? title, {
    details,
    told: { title, remedy },
    trespass: headers[TRESPASS_HEADER] !== undefined,
  });
};
