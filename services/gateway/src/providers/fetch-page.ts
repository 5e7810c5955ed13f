import { type Agent } from 'undici';

import { type FetchPage } from '../application/index.ts';
import { target } from './target.ts';

/** Pages and files of the console, as a stream. */
export const makeFetchPage =
  (deps: { readonly agent: Agent; readonly url: string; readonly timeoutMs: number }): FetchPage =>
  async ({ method, path, headers }) => {
    const answer = await deps.agent.request({
      ...target(deps.url, path),
      method,
      headers: { ...headers },
      signal: AbortSignal.timeout(deps.timeoutMs),
    });
    return { status: answer.statusCode, headers: answer.headers, body: answer.body };
  };
