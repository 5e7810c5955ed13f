import { type Exchange, type Reply, type Route } from '@quittance/http';
import { platformFail, type WallClock } from '@quittance/kernel';

/** With catalog's own half second, a new price is on every replica within one second. */
const REMEMBERED_MS = 250;
const ENTRIES_MAX = 500;

interface Remembered {
  readonly untilMs: number;
  readonly reply: Promise<Reply>;
}

/**
 * A public read that is the same for everybody: asked of its service at most four times a second for each address and
 * language, once for all who wait, however many ask. No failure is remembered, and no refusal shared: a problem names the
 * request that it answers. Whoever waited for an answer that did not come is told so, and does not wait as long again.
 */
export const rememberBriefly = (route: Route, wallClock: WallClock): Route => {
  const known = new Map<string, Remembered>();
  /** Forgets before anybody hears of the failure. */
  const askOnce = async (key: string, exchange: Exchange): Promise<Reply> => {
    let good = false;
    try {
      const reply = await route.execute(exchange);
      good = isGood(reply);
      return reply;
    } finally {
      if (!good) known.delete(key);
    }
  };
  const ask = (key: string, exchange: Exchange, nowMs: number): Promise<Reply> => {
    // Made-up addresses push out each other, and nothing grows.
    if (known.size >= ENTRIES_MAX) known.clear();
    const reply = askOnce(key, exchange);
    known.set(key, { untilMs: nowMs + REMEMBERED_MS, reply });
    return reply;
  };
  return {
    ...route,
    execute: (exchange) => {
      const { request } = exchange;
      const key = JSON.stringify([exchange.url, request.language, request.headers('if-none-match')]);
      const nowMs = wallClock.nowMs();
      const found = known.get(key);
      const fresh = found !== undefined && nowMs < found.untilMs && nowMs >= found.untilMs - REMEMBERED_MS;
      return fresh ? shared(found.reply, () => route.execute(exchange)) : ask(key, exchange, nowMs);
    },
  };
};

const isGood = ({ status }: Reply): boolean => status === 200 || status === 304;

const shared = async (answered: Promise<Reply>, askMyself: () => Promise<Reply>): Promise<Reply> => {
  const reply = await answered;
  if (isGood(reply)) return reply;
  if (reply.status >= 500) throw platformFail('platform.unavailable', 'This cannot be read just now.');
  return askMyself();
};
