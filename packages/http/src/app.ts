import { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { parse as parseQuery } from 'node:querystring';

import { assert, makeNewId, platformErrors, platformFail, toError } from '@quittance/kernel';
import express, { type Express, type RequestHandler } from 'express';

import { type AppOptions } from './app-options.ts';
import { type Route } from './handle.ts';
import { mountProbes } from './probes.ts';
import { problemHeaders, toProblem } from './problem.ts';
import { factsOf } from './request-facts.ts';
import { sendReply } from './send-reply.ts';
import { serveRoute, type Serving } from './serve-route.ts';

/**
 * An Express app over contracts, with a shortcut for paths without parameters. Each route authenticates, checks the
 * contract’s permission, reads its body within the contract’s limit, screens and parses it, keeps idempotency, runs in
 * an operation of its own and answers by contract; every error becomes an RFC 9457 problem. Etags, the body parser and
 * `x-powered-by` of Express are off.
 */
export const makeApp = (options: AppOptions): RequestListener => {
  for (const { contract, mode } of options.routes) {
    const keyless = mode === 'forward' || contract.idempotency === 'none' || options.idempotency !== null;
    assert(keyless, `${contract.name} requires idempotency and ${options.service} has no store for it`);
  }
  const app = express();
  // Express prints stacks to callers in any other environment.
  app.set('env', 'production');
  app.set('etag', false);
  app.set('x-powered-by', false);
  app.set('query parser', 'simple');
  app.set('case sensitive routing', true);
  const serving = servingOf(options);
  app.use(refuseBrokenPaths(serving));
  for (const [path, routes] of routesByPath(options.routes)) {
    for (const route of routes) mount(app, route, serving);
    const methods = routes.flatMap(({ contract: { method } }) => (method === 'GET' ? [method, 'HEAD'] : [method]));
    app.all(path, wrongMethod(serving, methods));
  }
  mountProbes(app, options);
  for (const page of options.hooks?.pages ?? []) app.use(page);
  app.use(notFound(serving));
  return serveKnownPaths(options.routes, serving, app);
};

const servingOf = (options: AppOptions): Serving => {
  const seconds = options.metrics.histogram({
    name: 'http_request_seconds',
    help: 'Time from the first header to the answer.',
    labels: ['method', 'route', 'status'],
  });
  return {
    options,
    newId: makeNewId(() => options.wallClock.nowMs()),
    observe: ({ method, route, status, durationMs }) =>
      seconds.observe({ method, route, status: String(status) }, durationMs / 1000),
  };
};

const mount = (app: Express, route: Route, serving: Serving): void => {
  const serve = serveRoute(route, serving);
  const handler: RequestHandler = (request, response) =>
    serve({ message: request, url: request.originalUrl, params: request.params, query: request.query }, response);
  switch (route.contract.method) {
    case 'GET':
      return void app.get(route.contract.path, handler);
    case 'POST':
      return void app.post(route.contract.path, handler);
    case 'PUT':
      return void app.put(route.contract.path, handler);
    case 'PATCH':
      return void app.patch(route.contract.path, handler);
    case 'DELETE':
      return void app.delete(route.contract.path, handler);
  }
};

/** Paths with words before those with parameters, which would take the words for values: `…/preview` before `…/:move`. */
const routesByPath = (routes: readonly Route[]): readonly (readonly [string, readonly Route[]])[] =>
  [...Map.groupBy(routes, ({ contract }) => contract.path)].toSorted(([a], [b]) => (placeOf(a) < placeOf(b) ? -1 : 1));

const placeOf = (path: string): string => path.replaceAll(/:\w+/g, '~');

const NO_PARAMS = Object.freeze({});

/**
 * A path without parameters that is written as in its contract is looked up. Express would make its own request of it
 * and try every route before this one; what is written in any other way, and what nobody answers, is left to it.
 */
const serveKnownPaths = (routes: readonly Route[], serving: Serving, others: RequestListener): RequestListener => {
  const known = new Map(
    routes
      .filter(({ contract }) => !contract.path.includes(':'))
      .map((route) => [`${route.contract.method} ${route.contract.path}`, serveRoute(route, serving)]),
  );
  return (message, response) => {
    const { url = '' } = message;
    const mark = url.indexOf('?');
    const serve = known.get(`${message.method} ${mark === -1 ? url : url.slice(0, mark)}`);
    if (serve === undefined) return others(message, response);
    const query = mark === -1 ? NO_PARAMS : parseQuery(url.slice(mark + 1));
    void serve({ message, url, params: NO_PARAMS, query }, response).catch((error: unknown) => {
      serving.options.logger.error({ err: toError(error) }, 'request failed without an answer');
      response.destroy();
    });
  };
};

/** Express would answer a path that does not decode by itself, in its own words. */
const refuseBrokenPaths =
  (serving: Serving): RequestHandler =>
  (request, response, next) => {
    if (!request.path.includes('%') || decodes(request.path)) return next();
    return sendProblem(serving, platformFail('platform.unreadable_request', 'The path does not decode.'), {
      request,
      response,
    });
  };

const decodes = (path: string): boolean => {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
};

const wrongMethod =
  (serving: Serving, methods: readonly string[]): RequestHandler =>
  (request, response) => {
    response.setHeader('allow', methods.join(', '));
    const error = platformFail('platform.method_not_allowed', `This path answers ${methods.join(', ')} only.`);
    sendProblem(serving, error, { request, response });
  };

const notFound =
  (serving: Serving): RequestHandler =>
  (request, response) =>
    sendProblem(serving, platformFail('platform.not_found', 'No route answers this path.'), { request, response });

const sendProblem = (
  serving: Serving,
  error: unknown,
  on: { readonly request: IncomingMessage; readonly response: ServerResponse },
): void => {
  const { options, newId } = serving;
  const facts = factsOf(on.request, options.hooks ?? {}, newId);
  const problem = toProblem(error, facts.id, platformErrors);
  const { status } = problem;
  sendReply(on.response, { status, headers: problemHeaders(error), body: problem }, facts.id);
  serving.observe({ method: on.request.method ?? '', route: 'none', status, durationMs: 0 });
  options.logger.info(
    { requestId: facts.id, method: on.request.method, route: 'none', status, ip: facts.ip },
    'request',
  );
};
