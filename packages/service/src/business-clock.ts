import { type Clock } from '@quittance/kernel';
import { ConfigError, type Logger } from '@quittance/runtime';

import { type FollowedClock, makeFollowedClock } from './follow-clock.ts';
import { type BaseConfig } from './kit.ts';

type ClockConfig = Pick<BaseConfig, 'QUITTANCE_MODE' | 'SANDBOX_CLOCK_URL'>;

interface ClockOptions {
  readonly base: Clock;
  readonly logger: Logger;
}

/**
 * Null where time is the machine's.
 * @throws ConfigError in production: a clock that others can move has no place there.
 */
export const followedClockOf = (
  { QUITTANCE_MODE: mode, SANDBOX_CLOCK_URL: url }: ClockConfig,
  options: ClockOptions,
): FollowedClock | null => {
  if (url === undefined) return null;
  if (mode === 'production') throw new ConfigError(['SANDBOX_CLOCK_URL: is refused in production']);
  return makeFollowedClock({ ...options, url });
};

/**
 * Business time for a command that ends by itself: as far ahead as the sandbox says it is when the command begins.
 * @throws ConfigError in production with a clock that can be moved, `platform.unavailable` when that does not answer.
 */
export const commandClock = async (config: ClockConfig, options: ClockOptions): Promise<Clock> => {
  const followed = followedClockOf(config, options);
  await followed?.connect();
  return followed?.clock ?? options.base;
};
