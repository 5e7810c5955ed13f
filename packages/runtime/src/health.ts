import { toError } from '@quittance/kernel';

/** Null when fine, otherwise one sentence about what is wrong. */
export type HealthCheck = () => Promise<string | null>;

export interface HealthReport {
  readonly ready: boolean;
  /** Per check: `ok`, or what is wrong. */
  readonly checks: Readonly<Record<string, string>>;
}

export interface Health {
  add(name: string, check: HealthCheck): void;
  /** Runs all checks at once; one that throws or takes longer than 2 s is not ready. Never throws. */
  report(): Promise<HealthReport>;
}

const CHECK_DEADLINE_MS = 2000;

export const makeHealth = (deadlineMs = CHECK_DEADLINE_MS): Health => {
  const checks = new Map<string, HealthCheck>();
  return {
    add: (name, check) => {
      checks.set(name, check);
    },
    report: async () => {
      const results = await Promise.all(
        [...checks].map(async ([name, check]) => [name, await resultOf(check, deadlineMs)] as const),
      );
      return { ready: results.every(([, result]) => result === 'ok'), checks: Object.fromEntries(results) };
    },
  };
};

const resultOf = async (check: HealthCheck, deadlineMs: number): Promise<string> => {
  let deadline: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    deadline = setTimeout(() => resolve(`no answer within ${deadlineMs} ms`), deadlineMs);
  });
  try {
    return (await Promise.race([check(), late])) ?? 'ok';
  } catch (error) {
    return toError(error).message;
  } finally {
    clearTimeout(deadline);
  }
};
