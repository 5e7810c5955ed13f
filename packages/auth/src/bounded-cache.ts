/**
 * A map that forgets the least recently used entry when full, and an entry when its time has come (wall time, ms). What
 * nobody asks for again goes with the next look for something unknown, if everything used before it has gone too.
 */
export interface BoundedCache<Value> {
  get(key: string, nowMs: number): Value | null;
  set(key: string, value: Value, untilMs: number): void;
  clear(): void;
  /** Entries held, those included whose time has come and that nobody has looked past yet. */
  size(): number;
}

export const makeBoundedCache = <Value>(entriesMax: number): BoundedCache<Value> => {
  const entries = new Map<string, { readonly value: Value; readonly untilMs: number }>();
  const forgetExpired = (nowMs: number): void => {
    for (const [key, { untilMs }] of entries) {
      if (untilMs > nowMs) return;
      entries.delete(key);
    }
  };
  return {
    get: (key, nowMs) => {
      const entry = entries.get(key);
      if (entry === undefined) {
        forgetExpired(nowMs);
        return null;
      }
      entries.delete(key);
      if (entry.untilMs <= nowMs) return null;
      entries.set(key, entry);
      return entry.value;
    },
    set: (key, value, untilMs) => {
      entries.delete(key);
      entries.set(key, { value, untilMs });
      const oldest = entries.size > entriesMax ? entries.keys().next() : null;
      if (oldest !== null && oldest.done !== true) entries.delete(oldest.value);
    },
    clear: () => entries.clear(),
    size: () => entries.size,
  };
};
