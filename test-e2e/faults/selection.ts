import { parseArgs } from 'node:util';

import { type Fault } from './fault.ts';

/** What is run, and how much of it. */
export interface Selection {
  readonly runs: readonly { readonly fault: Fault; readonly seed: number }[];
  readonly quick: boolean;
  readonly firstMax: number;
  readonly only: string | null;
  readonly everyKind: boolean;
}

export type Asked =
  | { readonly kind: 'run'; readonly selection: Selection }
  | { readonly kind: 'mutations'; readonly names: readonly string[] }
  | { readonly kind: 'help' }
  /** One sentence that says what was wrong, and what to ask instead. */
  | { readonly kind: 'refused'; readonly why: string };

const OPTIONS = {
  seed: { type: 'string' },
  seeds: { type: 'string' },
  quick: { type: 'boolean', default: false },
  first: { type: 'string' },
  only: { type: 'string' },
  kinds: { type: 'boolean', default: false },
  mutations: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** What the words after the command ask for. */
export const selectionFrom = (words: readonly string[], faults: readonly Fault[]): Asked => {
  try {
    return read(words, faults);
  } catch (error) {
    // parseArgs says itself which option it does not know.
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { kind: 'refused', why };
  }
};

const read = (words: readonly string[], faults: readonly Fault[]): Asked => {
  const { values, positionals } = parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true });
  const names = positionals.filter((name) => name !== '--');
  if (values.help) return { kind: 'help' };
  if (values.mutations) return { kind: 'mutations', names };
  const unknown = names.filter((name) => !faults.some(({ id }) => id === name));
  if (unknown.length > 0) {
    const known = faults.map(({ id }) => id).join(', ');
    return { kind: 'refused', why: `There is no fault ${unknown.join(', ')}: choose from ${known}, or none for all.` };
  }
  if (values.seed !== undefined && values.seeds !== undefined) {
    return { kind: 'refused', why: 'Give --seed for one seed or --seeds for all up to a number, not both.' };
  }
  const numbers = { seed: values.seed, seeds: values.seeds, first: values.first };
  for (const [name, text] of Object.entries(numbers)) {
    if (text !== undefined && !/^[1-9]\d{0,8}$/.test(text)) {
      return { kind: 'refused', why: `--${name} takes a whole number from 1, not “${text}”.` };
    }
  }
  const chosen = names.length === 0 ? faults : names.flatMap((name) => faults.filter(({ id }) => id === name));
  const seedsOf = ({ seeds }: Fault): readonly number[] =>
    values.seed === undefined ? upTo(Number(values.seeds ?? (values.quick ? 1 : seeds))) : [Number(values.seed)];
  return {
    kind: 'run',
    selection: {
      runs: chosen.flatMap((fault) => seedsOf(fault).map((seed) => ({ fault, seed }))),
      quick: values.quick,
      firstMax: Number(values.first ?? Number.MAX_SAFE_INTEGER),
      only: values.only ?? null,
      everyKind: values.kinds,
    },
  };
};

const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, index) => index + 1);
