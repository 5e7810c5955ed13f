import { type ServiceName } from '@quittance/contracts';
import { platformFail, type Write } from '@quittance/kernel';

import { type DeadLetter, type DeadLetterStore } from './stores.ts';
import { type Transport } from './transport.ts';

export interface ReplayDeps {
  readonly service: ServiceName;
  readonly transport: Transport;
  readonly deadLetters: DeadLetterStore;
}

export interface Replayed {
  readonly letter: DeadLetter;
  /** Commit it with the audit entry. Lost in a crash, the letter stays listed; replaying it again is harmless (inbox). */
  readonly markReplayed: Write;
}

/**
 * Puts a dead letter back on its own service's queue, as attempt 1, durably.
 * @throws `platform.not_found` for an unknown id, `platform.conflict`-kind `platform.version_conflict` when it was
 * replayed before, `platform.unavailable` when the broker does not take it.
 */
export const replayDeadLetter = async (deps: ReplayDeps, id: string): Promise<Replayed> => {
  const letter = await deps.deadLetters.find(id);
  if (letter === null) throw platformFail('platform.not_found', `There is no dead letter ${id}.`);
  if (letter.replayedAt !== null) {
    throw platformFail(
      'platform.version_conflict',
      `Dead letter ${id} was replayed at ${letter.replayedAt.toISOString()}.`,
    );
  }
  try {
    await deps.transport.redeliver(deps.service, letter);
  } catch (cause) {
    throw platformFail('platform.unavailable', `Dead letter ${id} could not be put back on the queue.`, { cause });
  }
  return { letter, markReplayed: deps.deadLetters.markReplayed(letter) };
};
