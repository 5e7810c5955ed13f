import { type Commit, isLostRace, type UnitOfWork, type WallClock } from '@quittance/kernel';

import { type CatalogMessage } from '../domain/messages.ts';
import { type Catalog } from '../domain/plan.ts';
import { type CatalogStore } from './ports.ts';
import { versionAfter } from './version-after.ts';

/** What somebody wants of the catalogue as it is, and what they are told when it is done. */
export interface CatalogDecision<Answer> {
  /** Null where there is nothing to do. */
  readonly commit: Commit<CatalogMessage> | null;
  readonly answer: Answer;
}

/**
 * Decides on the catalogue as it is and saves that, if nobody changed the catalogue meanwhile; else decides again.
 *
 * @throws what the decision throws, and `platform.version_conflict` when others were faster time after time
 */
export type ChangeCatalog = <Answer>(
  decide: (catalog: Catalog) => CatalogDecision<Answer> | Promise<CatalogDecision<Answer>>,
) => Promise<Answer>;

/** Against other replicas, of which one wins each time. */
const TRIES_MAX = 20;
const PAUSE_MAX_MS = 100;

interface Deps {
  readonly store: Pick<CatalogStore, 'load' | 'moveOn'>;
  readonly unitOfWork: UnitOfWork<CatalogMessage>;
  readonly wallClock: WallClock;
  /** Some time or other, this long at most: two replicas that met once do not meet again. */
  readonly pauseUpTo: (ms: number) => Promise<void>;
}

/**
 * A decision rests on the whole catalogue (the texts of a product on its plans, a rate on every price), so every change
 * is saved over the revision it was decided on. Those who change unrelated things must not pay for that: within this
 * process they take turns, and a turn that another replica came between is decided again. Whoever said with If-Match
 * what they have read is asked each time, and refused only when that very document is another one by then.
 */
export const makeChangeCatalog = (deps: Deps): ChangeCatalog => {
  let last: Promise<unknown> = Promise.resolve();
  return (decide) => {
    const turn = last.then(() => changeInTurn(deps, decide));
    last = turn.catch(() => null);
    return turn;
  };
};

const changeInTurn = async <Answer>(
  { store, unitOfWork, wallClock, pauseUpTo }: Deps,
  decide: (catalog: Catalog) => CatalogDecision<Answer> | Promise<CatalogDecision<Answer>>,
): Promise<Answer> => {
  for (let tries = 1; ; tries += 1) {
    const catalog = await store.load();
    const { commit, answer } = await decide(catalog);
    if (commit === null) return answer;
    const moved = store.moveOn(catalog.revision, versionAfter(catalog.revision, { wallClock }));
    try {
      await unitOfWork.commit({ ...commit, writes: [moved, ...commit.writes] });
      return answer;
    } catch (error) {
      if (!isLostRace(error) || tries === TRIES_MAX) throw error;
      await pauseUpTo(PAUSE_MAX_MS);
    }
  }
};
