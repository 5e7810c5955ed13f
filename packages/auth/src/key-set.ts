import { platformFail, toError, type WallClock } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';
import { type CryptoKey } from 'jose';
import { z } from 'zod';

import { fetchJson } from './fetch-json.ts';
import { importVerificationKey, keyFits, toVerificationKey, type VerificationKey } from './verification-key.ts';

const KeySetDocument = z.object({ keys: z.array(z.unknown()).max(100) });

const RETRY_EMPTY_AFTER_MS = 1000;
const REFRESH_AFTER_MS = 600_000;
const TIMEOUT_MS = 3000;
const BYTES_MAX = 256 * 1024;

export interface KeySetOptions {
  readonly url: string;
  /** Between two fetches that an unknown key id asked for. */
  readonly refetchAfterMs: number;
  readonly wallClock: WallClock;
  readonly logger: Logger;
  /** The published keys are others than before: what was verified with the old ones must be verified again. */
  readonly onRotated: () => void;
}

export interface KeySet {
  /** The key for a header; null when there is none. Throws `platform.unavailable` while no key was ever fetched. */
  find(alg: string, kid: string | null): Promise<CryptoKey | Uint8Array | null>;
}

/**
 * The issuer’s keys. An unknown key id fetches them again, at most once in `refetchAfterMs`, so that forged ids are no lever; keys
 * once fetched stay while the issuer is down, and are looked at again every ten minutes, so that withdrawn ones go.
 */
export const makeKeySet = (options: KeySetOptions): KeySet => {
  const { wallClock } = options;
  let keys: readonly VerificationKey[] = [];
  let imported = new Map<string, Promise<CryptoKey | Uint8Array | null>>();
  let attemptedAtMs = Number.NEGATIVE_INFINITY;
  let fetching: Promise<void> | null = null;

  const refetch = (): Promise<void> => {
    fetching ??= fetchAll().finally(() => {
      fetching = null;
    });
    return fetching;
  };

  const fetchAll = async (): Promise<void> => {
    attemptedAtMs = wallClock.nowMs();
    try {
      const fetched = await fetchKeys(options.url);
      if (JSON.stringify(fetched) === JSON.stringify(keys)) return;
      const rotated = keys.length > 0;
      keys = fetched;
      imported = new Map();
      if (rotated) options.onRotated();
    } catch (error) {
      options.logger.warn({ err: toError(error), keysHeld: keys.length }, 'the issuer’s keys could not be fetched');
    }
  };

  const importOnce = (key: VerificationKey, alg: string) => {
    const name = `${alg} ${JSON.stringify(key.jwk)}`;
    const known = imported.get(name) ?? importOrNull(key, alg);
    imported.set(name, known);
    return known;
  };

  return {
    find: async (alg, kid) => {
      const ageMs = wallClock.nowMs() - attemptedAtMs;
      if (fetching !== null && keys.length === 0) await fetching;
      else if (keys.length === 0 && ageMs >= RETRY_EMPTY_AFTER_MS) await refetch();
      else if (keys.length > 0 && ageMs >= REFRESH_AFTER_MS) await refetch();
      const found = pick(keys, alg, kid);
      if (found !== null) return importOnce(found, alg);
      if (keys.length === 0) throw platformFail('platform.unavailable', 'The issuer’s keys are not known yet.');
      if (fetching !== null) await fetching;
      else if (wallClock.nowMs() - attemptedAtMs >= options.refetchAfterMs) await refetch();
      const afterRefetch = pick(keys, alg, kid);
      return afterRefetch === null ? null : importOnce(afterRefetch, alg);
    },
  };
};

/** A published key that cannot be used with this algorithm (a curve of another size) is as good as unknown. */
const importOrNull = async (key: VerificationKey, alg: string): Promise<CryptoKey | Uint8Array | null> => {
  try {
    return await importVerificationKey(key, alg);
  } catch {
    return null;
  }
};

const fetchKeys = async (url: string): Promise<readonly VerificationKey[]> => {
  const { keys } = KeySetDocument.parse(await fetchJson({ url, timeoutMs: TIMEOUT_MS, bytesMax: BYTES_MAX }));
  const usable = keys.flatMap((candidate) => toVerificationKey(candidate) ?? []);
  if (usable.length === 0) throw new Error('the key set holds no usable key');
  return usable;
};

/** Without a key id only a single fitting key will do: guessing among several is how wrong keys get tried. */
const pick = (keys: readonly VerificationKey[], alg: string, kid: string | null): VerificationKey | null => {
  const fitting = keys.filter((key) => keyFits(key, alg) && (kid === null || key.kid === kid));
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
};
