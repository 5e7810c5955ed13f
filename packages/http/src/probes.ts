import { type Express } from 'express';

import { type AppOptions } from './app-options.ts';
import { SECURITY_HEADERS } from './send-reply.ts';

/** `/live`: the process answers. `/ready`: every check holds. `/metrics`: Prometheus text. */
export const mountProbes = (app: Express, options: AppOptions): void => {
  app.use(['/live', '/ready', '/metrics'], (_request, response, next) => {
    response.set(SECURITY_HEADERS);
    next();
  });
  app.get('/live', (_request, response) => {
    response.json({ live: true, service: options.service });
  });
  app.get('/ready', async (_request, response) => {
    const report = await options.health.report();
    response.status(report.ready ? 200 : 503).json({ service: options.service, ...report });
  });
  app.get('/metrics', async (_request, response) => {
    response.type('text/plain; version=0.0.4').send(await options.metrics.expose());
  });
};
