import { expect } from 'chai';
import { z } from 'zod';

import { httpContracts } from './index.ts';

/** Where a document has an object that takes fields nobody has named: `properties` without `additionalProperties: false`. */
const looseIn = (schema: unknown, path: string): readonly string[] => {
  if (typeof schema !== 'object' || schema === null) return [];
  const isLoose =
    'properties' in schema && !('additionalProperties' in schema && schema.additionalProperties === false);
  return [
    ...(isLoose ? [path] : []),
    ...Object.entries(schema).flatMap(([name, inner]) => looseIn(inner, `${path}.${name}`)),
  ];
};

describe('what a request may hold', () => {
  it('is said field by field, however deep: nobody sets what is not theirs to set', () => {
    const loose = httpContracts.flatMap(({ name, params, query, body }) =>
      // Of the query in an address that a provider was given, nothing is read.
      [params, ...(body === 'raw' ? [] : [query]), ...(typeof body === 'string' ? [] : [body])].flatMap((part) =>
        looseIn(z.toJSONSchema(part, { io: 'input', unrepresentable: 'any' }), name),
      ),
    );

    expect(loose).to.deep.equal([]);
    expect(looseIn(z.toJSONSchema(z.object({ a: z.object({}) }), { io: 'input' }), 'x')).to.deep.equal([
      'x',
      'x.properties.a',
    ]);
  });
});
