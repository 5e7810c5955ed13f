import { platformFail, type Principal } from '@quittance/kernel';
import { childTraceparent, currentOperation } from '@quittance/runtime';
import { type Agent, type Dispatcher } from 'undici';

import { type CallService } from '../application/index.ts';
import { target } from './target.ts';

/** More than any answer of ours; statements and exports will be streamed by their own route. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

/** Calls services by HTTP with the gateway’s signed identity, within `timeoutMs`, keeping connections. */
export const makeCallService = (deps: {
  readonly agent: Agent;
  /** Base URL by service name. */
  readonly urls: ReadonlyMap<string, string>;
  readonly issueToken: (principal: Principal, service: string) => Promise<string>;
  readonly timeoutMs: number;
}): CallService => {
  return async (call) => {
    const url = deps.urls.get(call.service);
    if (url === undefined) throw platformFail('platform.unavailable', `${call.service} is not part of this suite.`);
    const authorization =
      call.principal === null ? {} : { authorization: `Bearer ${await deps.issueToken(call.principal, call.service)}` };
    try {
      const answer = await deps.agent.request({
        ...target(url, call.path),
        method: methodOf(call.method),
        headers: {
          ...call.headers,
          ...authorization,
          traceparent: childTraceparent(currentOperation()?.traceparent),
        },
        body: call.body,
        signal: AbortSignal.timeout(Math.min(deps.timeoutMs, call.timeoutMs ?? deps.timeoutMs)),
      });
      return { status: answer.statusCode, headers: plainHeaders(answer.headers), body: await readAll(answer.body) };
    } catch (cause) {
      throw platformFail('platform.unavailable', `${call.service} does not answer just now.`, { cause });
    }
  };
};

const readAll = async (body: AsyncIterable<Buffer>): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) throw new Error(`the answer is longer than ${ANSWER_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const METHODS: readonly Dispatcher.HttpMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

const methodOf = (method: string): Dispatcher.HttpMethod => METHODS.find((known) => known === method) ?? 'GET';

const plainHeaders = (headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, [value].flat().join(', ')]],
    ),
  );
