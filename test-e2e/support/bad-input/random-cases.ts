import { randomUUID } from 'node:crypto';

import { type HttpContract } from '@quittance/contracts';
import fc from 'fast-check';

import { type Expected } from './complaints.ts';
import { type Case } from './kit.ts';
import { accepts, bodySampleOf, encoded, type Fields, fieldsOf, pathOf, queryOf, sampleOf } from './samples.ts';
import { HOSTILE_NUMBERS, HOSTILE_TEXT, MASS_ASSIGNED, NEVER_TEXT, PLANTED, WRONG_TYPES } from './values.ts';

/** `count` requests that one contract makes likely and nobody thought of, the same for the same seed. */
export const randomCases = (
  contract: HttpContract,
  { count, seed }: { readonly count: number; readonly seed: number },
): readonly Case[] =>
  fc.sample(requestOf(contract), { numRuns: count, seed }).map((parts, index) => toCase(contract, parts, index));

interface Parts {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: Sent | null;
}

interface Sent {
  readonly bytes: Buffer;
  /** What it says, where it is one JSON document; undefined where it is none. */
  readonly json: unknown;
}

const requestOf = (contract: HttpContract): fc.Arbitrary<Parts> =>
  fc.record({
    params: paramsOf(fieldsOf(contract.params)),
    query: queryFields(fieldsOf(contract.query)),
    body: contract.body === 'none' ? fc.constant(null) : bodyOf(contract),
  });

/** Any UTF-16, halves of pairs included. */
const anyText = fc
  .array(fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 32, max: 126 }) }, fc.nat(0xffff)), { maxLength: 40 })
  .map((units) => String.fromCharCode(...units));

const wellFormed = anyText.map((text) => text.toWellFormed());

/** What fits, with one sign changed, dropped, doubled or put in. */
const nearly = (sample: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.nat(sample.length),
      fc.constantFrom('', '\0', ' ', '0', 'A', '-', '_', '.', '/', '%', 'é', '\u202e'),
      fc.nat(2),
    )
    .map(([at, sign, cut]) => sample.slice(0, at) + sign + sample.slice(at + cut));

const HOSTILE = [...HOSTILE_TEXT.filter((text) => text.length < 1000), ...HOSTILE_NUMBERS, ...PLANTED];

/** No empty one, which would make another path; no `/` in it, which is a path of its own, unless encoded. */
const paramsOf = (fields: Fields): fc.Arbitrary<Readonly<Record<string, string>>> => {
  const samples = sampleOf(fields);
  const text = (sample: string) =>
    fc
      .oneof(fc.constant(sample), nearly(sample), anyText, fc.constantFrom(...HOSTILE, ...NEVER_TEXT))
      .filter((value) => !['', '.', '..'].includes(value));
  return fc.record(Object.fromEntries(Object.entries(samples).map(([name, sample]) => [name, text(sample)])));
};

const queryFields = (fields: Fields): fc.Arbitrary<Readonly<Record<string, string | undefined>>> => {
  const known = Object.fromEntries(
    Object.entries(sampleOf(fields)).map(([name, sample]) => [
      name,
      fc.oneof(
        fc.constant(sample),
        nearly(sample).map((text) => text.toWellFormed()),
        wellFormed,
        fc.constantFrom(...HOSTILE),
      ),
    ]),
  );
  const some = fc.record(known, { requiredKeys: [] });
  const unknown = fc.dictionary(wellFormed.filter(isPlainName), wellFormed, { maxKeys: 2 });
  return fc.oneof(
    { weight: 3, arbitrary: some },
    fc.tuple(some, unknown).map(([left, right]) => ({ ...right, ...left })),
  );
};

/** Assigned in JavaScript they do something else; the fixed cases send them as text. */
const isPlainName = (name: string): boolean => name !== '__proto__';

const asJson = (json: unknown): Sent => ({ bytes: Buffer.from(JSON.stringify(json)), json });

const bodyOf = (contract: HttpContract): fc.Arbitrary<Sent> => {
  const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ bytes: Buffer.from(bytes), json: parsed(bytes) }));
  const anyJson = fc.jsonValue({ maxDepth: 4 }).map(asJson);
  if (typeof contract.body === 'string') return fc.oneof(noise, anyJson);
  const samples = bodySampleOf(fieldsOf(contract.body));
  const value = (sample: unknown): fc.Arbitrary<unknown> =>
    fc.oneof(
      { weight: 4, arbitrary: fc.constant(sample) },
      typeof sample === 'string' ? nearly(sample) : fc.jsonValue({ maxDepth: 3 }),
      anyText,
      fc.constantFrom<unknown>(...HOSTILE, ...NEVER_TEXT, ...WRONG_TYPES),
      fc.double(),
      fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(Number),
      fc.jsonValue({ maxDepth: 2 }),
    );
  const fields = Object.fromEntries(Object.entries(samples).map(([name, sample]) => [name, value(sample)]));
  const spoiled = fc.record(fields, { requiredKeys: [] });
  const more = fc.dictionary(
    fc.oneof(fc.constantFrom(...MASS_ASSIGNED), anyText).filter(isPlainName),
    fc.jsonValue({ maxDepth: 2 }),
    {
      maxKeys: 2,
    },
  );
  const guided = fc.tuple(spoiled, fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, more));
  const truncated = fc.tuple(guided, fc.nat(400)).map(([[left, right], at]) => {
    const bytes = Buffer.from(JSON.stringify({ ...right, ...left })).subarray(0, at);
    return { bytes, json: parsed(bytes) };
  });
  return fc.oneof(
    { weight: 8, arbitrary: guided.map(([left, right]) => asJson({ ...right, ...left })) },
    truncated,
    anyJson,
    noise,
  );
};

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

const parsed = (bytes: Uint8Array): unknown => {
  try {
    const json: unknown = JSON.parse(strictUtf8.decode(bytes));
    return json;
  } catch {
    return undefined;
  }
};

const REFUSED: Expected = {
  statuses: [400],
  codes: [
    'platform.invalid_request',
    'platform.invalid_cursor',
    'platform.unreadable_request',
    'platform.malformed_body',
    'platform.card_number_refused',
  ],
};
const UNSIGNED: Expected = {
  statuses: [400],
  codes: ['payments_card.webhook_signature_invalid', 'platform.invalid_request', 'platform.card_number_refused'],
};

const toCase = (contract: HttpContract, { params, query, body }: Parts, index: number): Case => {
  const fits =
    accepts(contract.params, params) && accepts(contract.query, query) && (body === null || bodyFits(contract, body));
  // What would be right is made wrong where being right changes something.
  const surplus = fits && body === null && contract.audit !== 'none' ? { surplus: '1' } : {};
  const harmless =
    fits && body !== null && contract.audit !== 'none' ? asJson({ ...objectOf(body.json), surplus: 1 }) : body;
  const encodedParams = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, encoded(value)]));
  return {
    what: `random #${index}`,
    shot: {
      method: contract.method,
      path: `${pathOf(contract, encodedParams)}${queryOf({ ...query, ...surplus })}`,
      headers: {
        ...(body === null ? {} : { 'content-type': 'application/json' }),
        ...(contract.idempotency === 'required' ? { 'idempotency-key': randomUUID() } : {}),
      },
      ...(harmless === null ? {} : { body: harmless.bytes }),
    },
    expected:
      contract.access === 'signed' ? UNSIGNED : fits && harmless === body && !('surplus' in surplus) ? {} : REFUSED,
  };
};

const bodyFits = (contract: HttpContract, { json }: Sent): boolean =>
  typeof contract.body === 'string' || (json !== undefined && accepts(contract.body, throughJson(json)));

/** As the other side will read it: −0 is 0, and what JSON has no word for is null. */
const throughJson = (json: unknown): unknown => {
  const read: unknown = JSON.parse(JSON.stringify(json));
  return read;
};

const objectOf = (json: unknown): object => (typeof json === 'object' && json !== null ? json : {});
