import { type KillPlace, type Owner } from './kill-matrix.ts';
import { type SeededRandom } from './seeded-random.ts';

/** One run of a flow in which some services die, each at one place. */
export interface Volley {
  readonly flow: KillPlace['flow'];
  readonly aim: Owner | null;
  readonly shots: readonly Shot[];
}

export interface Shot extends KillPlace {
  /** At which of its passings, counted in one process. */
  readonly passing: number;
}

/**
 * Every place once: in each run of a flow one place of each service, in the order that the seed draws, and where a
 * place is passed more than once, the seed draws which passing. So every run kills several services, and every seed
 * combines them otherwise.
 */
export const volleysOf = (places: readonly KillPlace[], random: SeededRandom): readonly Volley[] => {
  const groups = groupBy(places, ({ flow, aim }) => `${flow} ${String(aim)}`);
  const volleys = [...groups.values()].flatMap((group) => {
    const queues = [...groupBy(group, ({ service }) => service).values()].map((queue) => random.shuffled(queue));
    return ranks(queues).map((rank): Volley => {
      const shots = queues.flatMap((queue) => queue[rank] ?? []).map((place) => aimed(place, random));
      return { flow: first(group).flow, aim: first(group).aim, shots };
    });
  });
  return random.shuffled(volleys);
};

/** One run of each flow, in which at most `shotsMax` services die. */
export const oneVolleyEach = (
  places: readonly KillPlace[],
  random: SeededRandom,
  shotsMax: number,
): readonly Volley[] => {
  const byFlow = groupBy(volleysOf(places, random), ({ flow }) => flow);
  return [...byFlow.values()].map((volleys) => {
    const { shots, ...volley } = first(volleys);
    return { ...volley, shots: random.shuffled(shots).slice(0, shotsMax) };
  });
};

/** No more than so many runs of each flow. */
export const atMostEach = (volleys: readonly Volley[], runsMax: number): readonly Volley[] => {
  const runs = new Map<string, number>();
  return volleys.filter(({ flow }) => {
    const run = (runs.get(flow) ?? 0) + 1;
    runs.set(flow, run);
    return run <= runsMax;
  });
};

const aimed = (place: KillPlace, random: SeededRandom): Shot => ({
  ...place,
  passing: 1 + random.below(place.passings),
});

const ranks = (queues: readonly (readonly unknown[])[]): readonly number[] =>
  Array.from({ length: Math.max(...queues.map(({ length }) => length)) }, (_, rank) => rank);

const groupBy = <Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> => {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
};

/** A group is never empty. */
const first = <Item>(group: readonly Item[]): Item => {
  const [item] = group;
  if (item === undefined) throw new Error('a group without members');
  return item;
};
