import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import express, { type Express } from 'express';

import { type ConsoleConfig, publicConfig } from './config.ts';
import { contentSecurityPolicy, SECURITY_HEADERS } from './security-headers.ts';

const RIGHT_TO_LEFT = new Set(['ar']);
const NONCE_BYTES = 16;

/** The pages, `/config.json`, `/live` and `/ready`, from a built folder. */
export const makeApp = (config: ConsoleConfig, dist: string): Express => {
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((_request, response, next) => {
    response.set(SECURITY_HEADERS);
    next();
  });

  app.get('/live', (_request, response) => void response.json({ live: true }));
  app.get('/ready', (_request, response) => {
    const ready = existsSync(join(dist, 'index.html'));
    response.status(ready ? 200 : 503).json({ ready });
  });
  app.get('/config.json', (_request, response) => {
    response.set('Cache-Control', 'no-cache').json(publicConfig(config));
  });

  // The name of a built asset holds the hash of its content, so it may be kept for ever.
  app.use('/assets', express.static(join(dist, 'assets'), { immutable: true, maxAge: '1y', index: false }));
  // Folder by folder, never the root: a raw index.html would be a page without a policy.
  app.use('/icons', express.static(join(dist, 'icons'), { maxAge: '1d', index: false }));

  app.use((request, response) => {
    // A missing file must not come back as a page: a browser would run HTML as a script.
    const isPage = (request.method === 'GET' || request.method === 'HEAD') && request.accepts('html') !== false;
    if (!isPage || /\.[a-z0-9]+$/i.test(request.path)) {
      response.status(404).type('text/plain').send('There is nothing here.\n');
      return;
    }
    const language = request.acceptsLanguages(config.CONSOLE_LANGUAGES) || (config.CONSOLE_LANGUAGES[0] ?? 'en');
    const nonce = randomBytes(NONCE_BYTES).toString('base64');
    response
      .set('Content-Security-Policy', contentSecurityPolicy(config.AUTHGATE_ISSUER, nonce))
      .set('Cache-Control', 'no-cache')
      .set('Vary', 'Accept-Language')
      .type('html')
      .send(inLanguage(page, language).replaceAll('__CSP_NONCE__', nonce));
  });
  return app;
};

const inLanguage = (page: string, language: string): string =>
  page.replace(
    '<html lang="en" dir="ltr"',
    `<html lang="${language}" dir="${RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr'}"`,
  );
