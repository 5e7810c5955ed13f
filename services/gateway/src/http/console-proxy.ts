import { pipeline } from 'node:stream/promises';

import { type AppHooks } from '@quittance/http';

import { type FetchPage } from '../application/index.ts';

type Page = NonNullable<AppHooks['pages']>[number];

/** In whatever case and behind however many slashes: who misspells a route is told so, and gets no page as its answer. */
const NOT_PAGES = /^\/+(v1|api|webhooks|internal|docs|openapi\.json)(\/|$)/i;
const REQUEST_HEADERS = ['accept', 'accept-encoding', 'accept-language', 'if-none-match', 'if-modified-since', 'range'];
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'trailer', 'te', 'date']);

/** Everything that is not the API is a page or file of the console, streamed through with the headers it set. */
export const makeConsoleProxy =
  (fetchPage: FetchPage): Page =>
  async (request, response, next) => {
    const { method } = request;
    if (
      (method !== 'GET' && method !== 'HEAD') ||
      NOT_PAGES.test(request.path) ||
      !request.originalUrl.startsWith('/')
    ) {
      return next();
    }
    const headers = REQUEST_HEADERS.flatMap((name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? [[name, value] as const] : [];
    });
    try {
      const page = await fetchPage({ method, path: request.originalUrl, headers: Object.fromEntries(headers) });
      response.status(page.status);
      for (const [name, value] of Object.entries(page.headers)) {
        if (value !== undefined && !HOP_BY_HOP.has(name)) response.setHeader(name, value);
      }
      await pipeline(page.body, response);
    } catch {
      if (response.headersSent) return void response.destroy();
      response.status(503).setHeader('retry-after', '5');
      response.type('text/plain').send('The billing pages cannot be shown just now. Please try again in a moment.\n');
    }
    return undefined;
  };
