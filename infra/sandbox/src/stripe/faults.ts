import { type SandboxDatabase } from '../database.ts';

export const FAULT_KINDS = ['409', '429', '500', '502', 'reset', 'hang', 'answer_lost', 'latency'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

interface FaultRequest {
  /** `POST /v1/checkout/sessions`; `*` stands for anything, also across slashes. */
  readonly match: string;
  readonly kind: FaultKind;
  readonly times: number;
  /** How long a `latency` or a `hang` lasts. */
  readonly ms: number;
}

export interface Faults {
  add(fault: FaultRequest): Promise<void>;
  clear(): Promise<void>;
  /** Takes one use of the oldest fault that matches, or null. */
  take(method: string, path: string): Promise<{ readonly kind: FaultKind; readonly ms: number } | null>;
  list(): Promise<readonly FaultRequest[]>;
}

/**
 * Faults are kept in the database: a restart in the middle of a fault run does not end the fault. That there are none is
 * remembered, for every request asks.
 */
export const makeFaults = (database: SandboxDatabase): Faults => {
  let added = 0;
  let noneSince: number | null = null;
  return {
    add: async (fault) => {
      const { match, kind, times, ms } = fault;
      const sql = 'INSERT INTO stripe_faults (pattern, kind, times, ms) VALUES ($1, $2, $3, $4)';
      // Counted when it is there: whoever has looked before cannot have seen it.
      await database.query(sql, [match, kind, times, ms]).finally(() => (added += 1));
    },
    clear: async () => {
      await database.query('DELETE FROM stripe_faults');
    },
    take: async (method, path) => {
      if (noneSince === added) return null;
      const asOf = added;
      const rows = await database.query<{ id: string; pattern: string; kind: FaultKind; ms: number }>(
        'SELECT id, pattern, kind, ms FROM stripe_faults WHERE times > $1 ORDER BY id',
        [0],
      );
      if (rows.length === 0) noneSince = asOf;
      for (const row of rows.filter((candidate) => patternMatches(candidate.pattern, `${method} ${path}`))) {
        const taken = await database.query(
          'UPDATE stripe_faults SET times = times - 1 WHERE id = $1 AND times > 0 RETURNING id',
          [row.id],
        );
        if (taken.length > 0) return { kind: row.kind, ms: row.ms };
      }
      return null;
    },
    list: () =>
      database.query<{ match: string; kind: FaultKind; times: number; ms: number }>(
        'SELECT pattern AS match, kind, times, ms FROM stripe_faults WHERE times > 0 ORDER BY id',
      ),
  };
};

const patternMatches = (pattern: string, target: string): boolean => {
  const source = pattern
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join('.*');
  return new RegExp(`^${source}$`).test(target);
};
