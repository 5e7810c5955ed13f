import { type IncomingMessage, type ServerResponse } from 'node:http';

import {
  type Actor,
  actorOf,
  assert,
  DomainError,
  isLostRace,
  must,
  type NewId,
  platformErrors,
  type Principal,
  toError,
} from '@quittance/kernel';
import { inServerSpan, runInOperation } from '@quittance/runtime';

import { requireAccess } from './access.ts';
import { type AppOptions } from './app-options.ts';
import { type Exchange, type Reply, type RequestFacts, type Route } from './handle.ts';
import { readIdempotencyKey, runIdempotently } from './idempotency.ts';
import { parseInput } from './parse-input.ts';
import { problemHeaders, statusOf, toProblem } from './problem.ts';
import { parseJsonBody, readBody, refuseDeclaredLength } from './read-body.ts';
import { factsOf, withReservedUlid } from './request-facts.ts';
import { screenInput } from './screen-input.ts';
import { sendReply } from './send-reply.ts';

const ATTEMPTS_MAX = 3;
/** A service tells the gateway: this 404 hides what belongs to another account. Never leaves the door. */
export const TRESPASS_HEADER = 'x-quittance-trespass';
const NO_BYTES = Buffer.alloc(0);

export interface Serving {
  readonly options: AppOptions;
  readonly newId: NewId;
  readonly observe: (facts: { method: string; route: string; status: number; durationMs: number }) => void;
}

/** A request whose route has been found. */
export interface Arrived {
  readonly message: IncomingMessage;
  /** Path and query as received. */
  readonly url: string;
  readonly params: unknown;
  readonly query: unknown;
}

/** One request from its first header to its log line. Never throws: whatever goes wrong becomes a problem. */
export const serveRoute =
  (route: Route, serving: Serving) =>
  async (arrived: Arrived, response: ServerResponse): Promise<void> => {
    const { options } = serving;
    const startedMs = performance.now();
    const facts = factsOf(arrived.message, options.hooks ?? {}, serving.newId);
    let principal: Principal | null = null;
    try {
      refuseDeclaredLength(arrived.message, route.contract.bodyBytesMax);
      principal = await identify(route, { message: arrived.message, ip: facts.ip }, options);
      options.hooks?.guard?.({ contract: route.contract, principal, ip: facts.ip });
      requireAccess(route.contract, principal);
      const exchange = await exchangeOf(route, arrived, { facts, principal });
      sendReply(response, await answer(route, exchange, serving), facts.id);
    } catch (error) {
      tellDenial(error, { route, facts, principal, options });
      sendReply(response, toErrorReply(error, facts, options), facts.id);
    }
    const durationMs = Math.round((performance.now() - startedMs) * 100) / 100;
    const { path: routePath, method } = route.contract;
    serving.observe({ method, route: routePath, status: response.statusCode, durationMs });
    options.logger.info(
      {
        requestId: facts.id,
        method,
        route: routePath,
        status: response.statusCode,
        durationMs,
        ip: facts.ip,
        subject: principal?.subject,
      },
      'request',
    );
  };

/** Whoever brings a token that is none is a stranger, and counted as one before it is refused. */
const identify = async (
  { contract }: Route,
  { message, ip }: { readonly message: IncomingMessage; readonly ip: string | null },
  { identity, hooks }: AppOptions,
): Promise<Principal | null> => {
  if (typeof contract.access === 'string') return null;
  try {
    return await identity(message);
  } catch (error) {
    if (statusOf(error) === 401) hooks?.guard?.({ contract, principal: null, ip });
    throw error;
  }
};

const exchangeOf = async (
  route: Route,
  { message, url, params, query }: Arrived,
  who: { readonly facts: RequestFacts; readonly principal: Principal | null },
): Promise<Exchange> => {
  const { contract } = route;
  const rawBody = contract.body === 'none' ? NO_BYTES : await readBody(message, contract.bodyBytesMax);
  const parses = route.mode === 'contract' && typeof contract.body !== 'string';
  const exchange: Exchange = {
    method: contract.method,
    url,
    params,
    query,
    rawBody,
    json: parses ? parseJsonBody(message, rawBody) : undefined,
    principal: who.principal,
    request: who.facts,
  };
  if (route.mode === 'contract') {
    screenInput(exchange.params, 'params');
    screenInput(exchange.query, 'query');
    screenInput(exchange.json, 'body');
  }
  return exchange;
};

const answer = async (route: Route, exchange: Exchange, serving: Serving): Promise<Reply> => {
  const { contract } = route;
  if (route.mode === 'forward') return inOperation(route, exchange);
  if (contract.idempotency === 'none') return attempt(route, exchange, serving);
  const { options, newId } = serving;
  const key = readIdempotencyKey(exchange.request.headers('idempotency-key'));
  // What breaks the contract can never run: nothing is kept for it, and the key stays free for what was meant.
  parseInput(contract, exchange);
  return runIdempotently(exchange, {
    store: must(options.idempotency, `idempotency store for ${contract.name}`),
    scope: {
      caller: callerOf(exchange.principal),
      route: `${contract.method} ${contract.path}`,
      key,
    },
    newUlid: newId('key').slice('key_'.length),
    logger: options.logger,
    run: (ulid) => attempt(route, { ...exchange, request: withReservedUlid(exchange.request, ulid) }, serving),
    toErrorReply: (error) => toErrorReply(error, exchange.request, options),
  });
};

/** Somebody else was faster: the handler reads again and decides again, unless the caller named a version. */
const attempt = async (route: Route, exchange: Exchange, serving: Serving): Promise<Reply> => {
  const attemptsMax = exchange.request.headers('if-match') === null ? ATTEMPTS_MAX : 1;
  for (let made = 1; ; made += 1) {
    try {
      const reply = await inOperation(route, exchange);
      if (serving.options.mode === 'sandbox') requireContract(route, reply);
      return reply;
    } catch (error) {
      if (!isLostRace(error) || made >= attemptsMax) throw error;
    }
  }
};

const inOperation = (route: Route, exchange: Exchange): Promise<Reply> => {
  const { contract } = route;
  const span = {
    name: `${contract.method} ${contract.path}`,
    parent: exchange.request.headers('traceparent'),
    kind: 'server',
  } as const;
  return inServerSpan(span, (traceparent) =>
    runInOperation(
      {
        id: exchange.request.id,
        about: span.name,
        actor: actorOfRequest(route, exchange),
        correlationId: null,
        requestId: exchange.request.id,
        sourceIp: exchange.request.ip,
        traceparent,
        enlisted: [],
      },
      () => route.execute(exchange),
    ),
  );
};

const actorOfRequest = (route: Route, exchange: Exchange): Actor => {
  if (exchange.principal !== null) return actorOf(exchange.principal);
  if (route.contract.access !== 'signed') return { kind: 'anonymous', id: exchange.request.ip ?? 'unknown' };
  return { kind: 'provider', id: route.contract.path.split('/').at(-1) ?? 'provider' };
};

const callerOf = (principal: Principal | null): string =>
  principal === null ? 'anonymous' : `${principal.kind}:${principal.subject}:${principal.accountId ?? ''}`;

const requireContract = ({ contract }: Route, reply: Reply): void => {
  if (reply.body === undefined) return;
  const parsed = contract.answer.safeParse(reply.body);
  assert(parsed.success, `the answer of ${contract.name} breaks its contract: ${parsed.error?.message}`);
  const tagged = reply.headers['etag'] !== undefined;
  assert(tagged === (contract.etag !== undefined), `${contract.name} and its contract disagree whether it has an ETag`);
};

const toErrorReply = (error: unknown, facts: RequestFacts, options: AppOptions): Reply => {
  const problem = toProblem(error, facts.id, { ...platformErrors, ...options.errors });
  if (problem.status === 500) {
    options.logger.error({ err: toError(error), requestId: facts.id }, 'request failed');
  }
  // At the door nobody may see it; behind it only the gateway does, which records the attempt.
  const tells = error instanceof DomainError && error.trespass && options.hooks?.onDenied === undefined;
  const headers = { ...problemHeaders(error), ...(tells ? { [TRESPASS_HEADER]: '1' } : {}) };
  return { status: problem.status, headers, body: problem };
};

const tellDenial = (
  error: unknown,
  about: { route: Route; facts: RequestFacts; principal: Principal | null; options: AppOptions },
): void => {
  const status = statusOf(error);
  if (!(error instanceof DomainError) || (status !== 401 && status !== 403 && !error.trespass)) return;
  about.options.hooks?.onDenied?.({
    contract: about.route.contract,
    principal: about.principal,
    ip: about.facts.ip,
    code: error.code,
    reason: error.message,
    requestId: about.facts.id,
  });
};
