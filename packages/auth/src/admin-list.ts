import { type Role, type Secret, toError, type WallClock } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';
import { z } from 'zod';

import { fetchJson } from './fetch-json.ts';

/** `{ "admins": [{ "subject": "…", "roles": ["super_admin"] }] }`; other members are SuperAdmin’s own. */
const AdminDocument = z.object({
  admins: z.array(z.object({ subject: z.string().min(1), roles: z.array(z.string()) })).max(10_000),
});

export interface AdminListOptions {
  readonly url: string;
  readonly secret: Secret;
  readonly wallClock: WallClock;
  readonly logger: Logger;
}

export interface AdminList {
  /** The roles SuperAdmin gives a subject (none: not an administrator), or null when it cannot be asked. */
  rolesOf(subject: string): Promise<readonly Role[] | null>;
}

const FRESH_FOR_MS = 60_000;
const RETRY_AFTER_MS = 5000;
const TIMEOUT_MS = 2000;
const BYTES_MAX = 1024 * 1024;
const ROLES: readonly Role[] = ['super_admin', 'billing', 'onboarding'];

/**
 * SuperAdmin’s list of administrators, fetched when it is older than 60 s. An older one is never used: when SuperAdmin
 * is down the answer is null, and nobody is super_admin.
 */
export const makeAdminList = (options: AdminListOptions): AdminList => {
  let admins: ReadonlyMap<string, readonly Role[]> | null = null;
  let attemptedAtMs = Number.NEGATIVE_INFINITY;
  let fetching: Promise<void> | null = null;

  const refetch = async (): Promise<void> => {
    attemptedAtMs = options.wallClock.nowMs();
    try {
      admins = await fetchAdmins(options);
    } catch (error) {
      admins = null;
      options.logger.warn(
        { err: toError(error) },
        'SuperAdmin’s list cannot be read: nobody is super_admin until it can',
      );
    } finally {
      fetching = null;
    }
  };

  return {
    rolesOf: async (subject) => {
      const ageMs = options.wallClock.nowMs() - attemptedAtMs;
      if (fetching === null && ageMs >= (admins === null ? RETRY_AFTER_MS : FRESH_FOR_MS)) fetching = refetch();
      if (fetching !== null) await fetching;
      return admins === null ? null : (admins.get(subject) ?? []);
    },
  };
};

const fetchAdmins = async ({ url, secret }: AdminListOptions): Promise<ReadonlyMap<string, readonly Role[]>> => {
  const document = AdminDocument.parse(
    await fetchJson({
      url,
      headers: { authorization: `Bearer ${secret.reveal()}` },
      timeoutMs: TIMEOUT_MS,
      bytesMax: BYTES_MAX,
    }),
  );
  return new Map(document.admins.map(({ subject, roles }) => [subject, ROLES.filter((role) => roles.includes(role))]));
};
