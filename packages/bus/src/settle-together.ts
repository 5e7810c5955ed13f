import { must, toError } from '@quittance/kernel';

import { type Binding } from './binding.ts';
import { type Gathered, type Gathering, makeGathering } from './gather.ts';
import { runBatchHandler } from './handle-once.ts';
import { type Handling, heldWhileAway, type ReadDelivery, settleAlone, settleFailure } from './settle-alone.ts';
import { type Settlement } from './transport.ts';

type Waiting = Gathered<ReadDelivery, Settlement>;

/** Messages in one commit: enough that its cost is nobody's, few enough that the next one is soon. */
const BATCH_MAX = 250;
/** While one batch waits for its database the next is parsed and prepared. */
const BATCHES_MAX = 2;
/** After a failure of the whole. */
const ALONE_AT_ONCE = 10;

/** Deliveries of one batch binding, handled together as they come. */
export const makeBatches = (
  handling: Handling,
  binding: Binding,
  lingerMs: number,
): Gathering<ReadDelivery, Settlement> => {
  const limits = { itemsMax: BATCH_MAX, batchesMax: BATCHES_MAX, lingerMs };
  return makeGathering((batch) => settleTogether(handling, binding, batch), limits);
};

const settleTogether = async (handling: Handling, binding: Binding, batch: readonly Waiting[]): Promise<void> => {
  let sorted: Sorted;
  try {
    sorted = await sortOut(handling, batch);
  } catch (thrown) {
    for (const { item, resolve } of batch) resolve(settleFailure(handling, item.delivery, thrown));
    return;
  }
  const { handled, fresh, repeated } = sorted;
  acknowledge(handling, handled, 'duplicate');
  if (await ranTogether(handling, binding, fresh)) acknowledge(handling, fresh, 'handled');
  else await settleEach(handling, fresh);
  // Only now is it known whether the first of them took effect.
  await settleEach(handling, repeated, true);
};

/** False when nothing took effect: each goes alone then, for what is wrong with one is not the others' fault. */
const ranTogether = async (handling: Handling, binding: Binding, fresh: readonly Waiting[]): Promise<boolean> => {
  if (fresh.length < 2) return false;
  const { service, inbox, logger } = handling;
  const ids = fresh.map(({ item }) => item.parsed.envelope.id);
  const runTogether = must(binding.runTogether, 'the handler of a batch');
  try {
    const batch = { type: binding.definition.type, messageIds: ids };
    await runBatchHandler({ service, inbox }, batch, () => runTogether(fresh.map(({ item }) => item.parsed.handling)));
    return true;
  } catch (thrown) {
    const err = toError(thrown);
    logger.warn({ service, messages: ids.length, err }, 'a batch failed, its messages are handled one by one');
    return false;
  }
};

const acknowledge = ({ count }: Handling, done: readonly Waiting[], result: 'handled' | 'duplicate'): void => {
  for (const { resolve } of done) {
    count.settled(result);
    resolve({ outcome: 'acknowledge' });
  }
};

interface Sorted {
  readonly handled: readonly Waiting[];
  readonly fresh: readonly Waiting[];
  /** The same message as one of the fresh ones. */
  readonly repeated: readonly Waiting[];
}

const sortOut = async (handling: Handling, batch: readonly Waiting[]): Promise<Sorted> => {
  const { service, inbox } = handling;
  const idOf = ({ item }: Waiting): string => item.parsed.envelope.id;
  const known = await heldWhileAway(handling, () => inbox.whichWereHandled(service, batch.map(idOf)));
  const handledIds = new Set(known);
  const unhandled = batch.filter((waiting) => !handledIds.has(idOf(waiting)));
  const firstOf = new Map(unhandled.toReversed().map((waiting) => [idOf(waiting), waiting]));
  return {
    handled: batch.filter((waiting) => handledIds.has(idOf(waiting))),
    fresh: unhandled.filter((waiting) => firstOf.get(idOf(waiting)) === waiting),
    repeated: unhandled.filter((waiting) => firstOf.get(idOf(waiting)) !== waiting),
  };
};

/** Each by itself, with an outcome of its own. */
const settleEach = async (handling: Handling, batch: readonly Waiting[], repeated?: true): Promise<void> => {
  const left = [...batch];
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      await settleAlone(handling, next.item, repeated).then(next.resolve, next.reject);
    }
  };
  await Promise.all(Array.from({ length: ALONE_AT_ONCE }, lane));
};
