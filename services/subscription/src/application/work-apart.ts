import { isDomainError, isLostRace, toError } from '@quittance/kernel';

export interface Otherwise {
  /** Somebody changed it meanwhile: the next claim finds it as it is then. */
  readonly release: () => Promise<void>;
  /** It cannot be worked on at all: a person is told, so that those beside it do not wait for it. */
  readonly tell: (error: Error) => Promise<void>;
}

/**
 * Works on one of many that were claimed together.
 * @throws what is not about this one, such as a database that is away.
 */
export const workApart = async (work: () => Promise<void>, { release, tell }: Otherwise): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (isDomainError(error) && error.kind === 'unavailable') throw error;
    if (isLostRace(error)) await release();
    else await tell(toError(error));
  }
};
