import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { type HttpContract, httpContracts } from '@quittance/contracts';
import { type AppHooks, SECURITY_HEADERS } from '@quittance/http';
import { type ErrorTable } from '@quittance/kernel';

type Page = NonNullable<AppHooks['pages']>[number];

/** Made by `pnpm generate`; a checkout where it was never run has none, and the route is not found. */
const DOCS = path.resolve(import.meta.dirname, '../../../../docs');

/** `/openapi.json`, and the same surface as a page that people can read. */
export const makeDocsPage =
  (errors: ErrorTable): Page =>
  async (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    switch (request.path) {
      case '/docs':
        return sendHtml(response, 'API', routesTable());
      case '/docs/errors':
        return sendHtml(response, 'Errors', errorsTable(await allErrors(errors)));
      case '/openapi.json': {
        const document = await readDocument('openapi.json');
        if (document === null) return next();
        return void response.set(SECURITY_HEADERS).type('application/json').send(document);
      }
      default:
        return next();
    }
  };

const readDocument = (name: string): Promise<string | null> =>
  readFile(path.join(DOCS, name), 'utf8').catch(() => null);

const ERROR_ROW = /^\| `([a-z_.]+)` \| [^|]+ \| ([^|]+) \| ([^|]+) \|$/gm;

/** The codes of every service out of the generated list, and at least our own without one. */
const allErrors = async (own: ErrorTable): Promise<readonly ErrorRow[]> => {
  const list = (await readDocument('errors.md')) ?? '';
  const listed = [...list.matchAll(ERROR_ROW)].map(([, code = '', title = '', remedy = '']) => ({
    code,
    title,
    remedy,
  }));
  return listed.length > 0 ? listed : Object.entries(own).map(([code, error]) => ({ code, ...error }));
};

interface ErrorRow {
  readonly code: string;
  readonly title: string;
  readonly remedy: string;
}

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#1a1a1a}' +
  'table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.5rem;border-bottom:1px solid #ccc}' +
  'code{white-space:nowrap}';

const sendHtml = (response: Parameters<Page>[1], title: string, content: string): void => {
  response
    .set(SECURITY_HEADERS)
    .set('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
    .type('html')
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
        `<title>Quittance · ${title}</title><style>${STYLE}</style><h1>Quittance · ${title}</h1>` +
        `<p><a href="/docs">API</a> · <a href="/docs/errors">Errors</a> · <a href="/openapi.json">OpenAPI 3.1</a></p>${content}</html>`,
    );
};

const routesTable = (): string =>
  table(
    ['Route', 'What it does', 'Who', 'Retry'],
    httpContracts.map((contract) => routeRow(contract)),
  );

const routeRow = (contract: HttpContract): readonly string[] => [
  `<code id="${escape(contract.name)}">${contract.method} ${escape(contract.path)}</code>`,
  escape(contract.summary),
  typeof contract.access === 'string' ? contract.access : contract.access.anyOf.map(escape).join(' or '),
  contract.idempotency === 'required' ? 'Idempotency-Key' : '',
];

const errorsTable = (errors: readonly ErrorRow[]): string =>
  table(
    ['Code', 'Meaning', 'What to do'],
    errors.map(({ code, title, remedy }) => [
      `<code id="${escape(code)}">${escape(code)}</code>`,
      escape(title),
      escape(remedy),
    ]),
  );

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<table><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr>${rows
    .map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`)
    .join('')}</table>`;

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
