import { type Truths } from '../truths.ts';

const unasked = (): never => {
  throw new Error('nobody asks this');
};

/** Truths made up for the test of a check; whatever it asks beside them is a failure. */
export const fakeTruths = (known: Partial<Truths>): Truths => ({
  books: unasked,
  rows: unasked,
  outside: unasked,
  isRefused: unasked,
  queues: unasked,
  attention: unasked,
  call: unasked,
  poison: new Map(),
  end: unasked,
  ...known,
});

/** Rows as a database would give them: by the service asked, and a word that the question has. */
export const rowsOf =
  (answers: Readonly<Record<string, readonly object[]>>): Truths['rows'] =>
  (service, sql) => {
    const found = Object.entries(answers).find(([key]) => {
      const [owner, ...word] = key.split(' ');
      return owner === service && sql.includes(word.join(' '));
    });
    return Promise.resolve(JSON.parse(JSON.stringify(found?.[1] ?? unasked())));
  };
