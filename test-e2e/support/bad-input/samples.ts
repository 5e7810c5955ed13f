import { type HttpContract } from '@quittance/contracts';
import { z } from 'zod';

const ULID = '01j8zq4m7e8b2c3d4f5g6h7k8n';

/** Values of every form that contracts know; the first that a field accepts is its sample. */
const CANDIDATES: readonly string[] = [
  'pro',
  'month',
  'monthly',
  'USD',
  'FR',
  'fr',
  'card',
  'active',
  'paid',
  'completed',
  'denied',
  'catalog',
  'actual',
  'csv',
  'draft',
  'moved',
  '0.92',
  'WELCOME',
  '5s',
  '30d',
  'now',
  'standard',
  '20',
  'acc_sample',
  'sample',
  'A'.repeat(43),
  'https://app.example/back',
  '2026-01-01T00:00:00Z',
  ...['chk', 'sub', 'inv', 'ord', 'pay', 'pln', 'prc', 'aud', 'prd', 'cpn', 'chg', 'plv', 'mov'].map(
    (prefix) => `${prefix}_${ULID}`,
  ),
  `1772442000000.sub_${ULID}`,
];

export type Fields = ReadonlyMap<string, z.core.$ZodType>;

/** What only a body can hold. Fields inside lists and records are the random cases' to spoil. */
const STRUCTURED: readonly unknown[] = [
  20,
  true,
  [],
  {},
  ['cloud'],
  { kind: 'percentage', ratePpm: 1 },
  { kind: 'once' },
  { at: '2026-01-01T00:00:00Z', version: 1, offer: 'A'.repeat(43) },
];

/** The fields of one part of a request. */
export const fieldsOf = (schema: unknown): Fields => {
  if (!(schema instanceof z.ZodObject))
    throw new Error('A part of a contract is no object: these cases would miss it.');
  return new Map(Object.entries(schema.shape));
};

export const accepts = (field: z.core.$ZodType, value: unknown): boolean => z.safeParse(field, value).success;

/** A value for every field of an address, the optional ones too. */
export const sampleOf = (fields: Fields): Readonly<Record<string, string>> => firstThatFit(fields, CANDIDATES);

/** The same for a body. */
export const bodySampleOf = (fields: Fields): Readonly<Record<string, unknown>> =>
  firstThatFit<unknown>(fields, [...CANDIDATES, ...STRUCTURED]);

const firstThatFit = <Value>(fields: Fields, candidates: readonly Value[]): Readonly<Record<string, Value>> =>
  Object.fromEntries(
    [...fields].map(([name, field]) => {
      const found = candidates.find((candidate) => accepts(field, candidate));
      if (found === undefined) throw new Error(`No sample fits the field ${name}: add one to the candidates.`);
      return [name, found];
    }),
  );

export const pathOf = (contract: HttpContract, params: Readonly<Record<string, string>>): string =>
  contract.path.replaceAll(/:(\w+)/g, (_, name: string) => params[name] ?? '');

/** Percent-encoded like a browser does, with lone surrogates as the three bytes they would be. */
export const encoded = (text: string): string =>
  Array.from(text, (sign) => (sign.isWellFormed() ? encodeURIComponent(sign) : '%ED%A0%80')).join('');

export const queryOf = (fields: Readonly<Record<string, string | undefined>>): string => {
  const pairs = Object.entries(fields).map(([name, value]) => `${encoded(name)}=${encoded(value ?? '')}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
};
