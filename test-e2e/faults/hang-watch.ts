import { type Violation } from './fault.ts';

/** No request hangs longer than this, whatever is broken behind the door. */
const ANSWER_WITHIN_MS = 10_000;
/** How long the watcher itself waits: enough to tell late from never. */
const PATIENCE_MS = 30_000;

/** Notes how long every request takes, answered or not. */
export interface HangWatch {
  readonly send: (url: URL, init: RequestInit) => Promise<Response>;
  asked(): number;
  slowestMs(): number;
  violations(): readonly Violation[];
}

export const makeHangWatch = (): HangWatch => {
  let asked = 0;
  let slowestMs = 0;
  const late: Violation[] = [];
  return {
    send: async (url, init) => {
      asked += 1;
      const startedMs = performance.now();
      try {
        const response = await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
        // The answer is the whole of it.
        const body = await response.arrayBuffer();
        return new Response(body, { status: response.status, headers: response.headers });
      } finally {
        const tookMs = performance.now() - startedMs;
        slowestMs = Math.max(slowestMs, tookMs);
        if (tookMs > ANSWER_WITHIN_MS) {
          const what = `${init.method ?? 'GET'} ${url.pathname} took ${(tookMs / 1000).toFixed(1)} s`;
          late.push({ invariant: '10 s', harm: 'stuck', what });
        }
      }
    },
    asked: () => asked,
    slowestMs: () => slowestMs,
    violations: () => late,
  };
};
