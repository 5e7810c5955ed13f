import { assert, toError } from '@quittance/kernel';
import { type Logger } from '@quittance/runtime';
import { type Channel } from 'amqplib';

import { pause, waitAtMost } from '../pause.ts';

/** A channel that is opened again whenever it is lost, alone or with its connection. */
export interface KeptChannel<Kind extends Channel> {
  /** Null while there is none: fail fast, the caller has its own retry. */
  current(): Kind | null;
  /** The first one is open and set up. Throws what went wrong with it. */
  readonly ready: Promise<void>;
  /** Gives up the present channel (it does not answer) for a new one. */
  drop(): void;
  close(): Promise<void>;
}

export interface KeepChannelOptions<Kind extends Channel> {
  readonly create: () => Promise<Kind>;
  /** Runs on every new channel before it is used. */
  readonly setUp: (channel: Kind) => Promise<void>;
  readonly logger: Logger;
}

const REOPEN_FIRST_MS = 100;
const REOPEN_MAX_MS = 5_000;

export const keepChannel = <Kind extends Channel>(options: KeepChannelOptions<Kind>): KeptChannel<Kind> => {
  const { logger } = options;
  const closing = new AbortController();
  let current: Kind | null = null;
  let giveUp: (() => void) | null = null;
  let settleFirst: ((failure: Error | null) => void) | null = null;
  const ready = new Promise<void>((resolve, reject) => {
    settleFirst = (failure) => (failure === null ? resolve() : reject(failure));
  });

  // Whoever does not wait for the first channel must not be ended by its failure.
  ready.catch(() => undefined);

  const useOne = async (): Promise<void> => {
    const channel = await options.create();
    const ended = new Promise<void>((resolve) => {
      channel.once('close', () => resolve());
      giveUp = resolve;
    });
    channel.on('error', (error) => logger.warn({ err: error }, 'broker closed a channel'));
    try {
      await options.setUp(channel);
      assert(!closing.signal.aborted, 'the channel was closed while it was set up');
      current = channel;
      settleFirst?.(null);
      await ended;
    } finally {
      current = null;
      // On a channel that is closed already, or whose broker is frozen, this rejects or never ends: both are fine.
      Promise.resolve()
        .then(() => channel.close())
        .catch(() => undefined);
    }
  };

  const keep = async (): Promise<void> => {
    let waitMs = REOPEN_FIRST_MS;
    while (!closing.signal.aborted) {
      try {
        await useOne();
        waitMs = REOPEN_FIRST_MS;
      } catch (thrown) {
        settleFirst?.(toError(thrown));
        if (!closing.signal.aborted) logger.warn({ err: toError(thrown) }, 'channel could not be opened, trying again');
        waitMs = Math.min(REOPEN_MAX_MS, waitMs * 2);
      }
      settleFirst = null;
      await pause(waitMs, closing.signal);
    }
  };
  const kept = keep();

  return {
    current: () => current,
    ready,
    drop: () => giveUp?.(),
    close: async () => {
      closing.abort();
      giveUp?.();
      // While it waits for a connection there is nothing to close, and the connection's own end rejects that wait.
      await waitAtMost(kept, 100);
    },
  };
};
