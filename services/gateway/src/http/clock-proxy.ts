import { pipeline } from 'node:stream/promises';

import { type AppHooks, type Problem } from '@quittance/http';
import { type Agent } from 'undici';

type Page = NonNullable<AppHooks['pages']>[number];

/** A year of renewals, step by step, takes its time. */
const ADVANCE_WITHIN_MS = 30 * 60_000;
const PATHS = /^\/sandbox\/clock(\/advance)?$/;

const SILENT = {
  type: '/docs/errors#platform.unavailable',
  title: 'Not available now',
  status: 503,
  detail: 'The sandbox’s clock does not answer.',
  code: 'platform.unavailable',
  remedy: 'Try again in a moment.',
} as const satisfies Omit<Problem, 'instance'>;

/** The suite's door to the clock that the sandbox keeps. Only there when one is configured, never in production. */
export const makeClockProxy =
  ({ agent, url }: { readonly agent: Agent; readonly url: string }): Page =>
  async (request, response, next) => {
    const { method, path } = request;
    if (!PATHS.test(path) || (method !== 'GET' && method !== 'POST')) return next();
    try {
      const answer = await agent.request({
        origin: url,
        path,
        method,
        headers: { 'content-type': request.headers['content-type'] ?? 'application/json' },
        body: method === 'POST' ? request : null,
        headersTimeout: ADVANCE_WITHIN_MS,
        bodyTimeout: ADVANCE_WITHIN_MS,
      });
      response.status(answer.statusCode).type(String(answer.headers['content-type'] ?? 'application/json'));
      await pipeline(answer.body, response);
    } catch {
      if (response.headersSent) return void response.destroy();
      response.status(SILENT.status).type('application/problem+json').send(JSON.stringify(SILENT));
    }
    return undefined;
  };
