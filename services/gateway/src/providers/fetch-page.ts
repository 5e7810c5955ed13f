import { type Agent, request } from 'undici';

import { type FetchPage } from '../application/index.ts';

/** Pages and files of the console, as a stream. */
export const makeFetchPage =
  (deps: { readonly agent: Agent; readonly url: string; readonly timeoutMs: number }): FetchPage =>
  async ({ method, path, headers }) => {
    const answer = await request(`${deps.url}${path}`, {
      dispatcher: deps.agent,
      method,
      headers: { ...headers },
      signal: AbortSignal.timeout(deps.timeoutMs),
    });
    return { status: answer.statusCode, headers: answer.headers, body: answer.body };
  };
