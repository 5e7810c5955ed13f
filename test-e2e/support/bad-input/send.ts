import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** One request, byte for byte: `fetch` would normalise paths and refuse what a stranger may well send. */
export interface Shot {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Sent in chunks, without a Content-Length. */
  readonly chunked?: boolean;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export type Send = (baseUrl: string, shot: Shot) => Promise<Answered>;

const DEADLINE_MS = 15_000;
const RETRY_EVERY_MS = 200;

/** Sends and reads the whole answer; who is asked to come slower does. */
export const makeSender = (): { readonly send: Send; readonly close: () => void; readonly sent: () => number } => {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  let sent = 0;
  const send: Send = async (baseUrl, shot) => {
    sent += 1;
    for (const endMs = performance.now() + DEADLINE_MS; ;) {
      const answer = await once(agent, new URL(baseUrl), shot);
      if (answer.status !== 429 || performance.now() > endMs) return answer;
      await new Promise((resolve) => setTimeout(resolve, RETRY_EVERY_MS));
    }
  };
  return { send, close: () => agent.destroy(), sent: () => sent };
};

const once = (agent: Agent, base: URL, shot: Shot): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const body = Buffer.from(shot.body ?? '');
    const outgoing = request({
      agent,
      host: base.hostname === 'localhost' ? '127.0.0.1' : base.hostname,
      port: base.port,
      method: shot.method,
      path: shot.path,
      headers: {
        ...shot.headers,
        ...(shot.chunked === true ? { 'transfer-encoding': 'chunked' } : { 'content-length': body.length }),
      },
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    let answered = false;
    outgoing.once('response', (incoming) => {
      answered = true;
      text(incoming).then(
        (read) => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text: read }),
        reject,
      );
    });
    // A server that has refused need not read on: what breaks afterwards is no news.
    outgoing.on('error', (error) => {
      if (!answered) reject(new Error(`${shot.method} ${shot.path.slice(0, 100)}: ${error.message}`, { cause: error }));
    });
    outgoing.end(body);
  });

const AT_ONCE = 24;

/** Every item, some at a time, in order of their beginning. */
export const forEach = async <Item>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> => {
  const waiting = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of waiting) await work(item, index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
};
