import { isDeepStrictEqual } from 'node:util';

import { z } from 'zod';

import { PROPERTY_WORDS } from './property-words.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Named schemas of one document, by the `id` of their meta. */
export class SchemaComponents {
  readonly #schemas = new Map<string, JsonSchema>();

  /** The schema of `io`, its named parts moved here and referred to. */
  add(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const json: unknown = z.toJSONSchema(schema, {
      io,
      reused: 'inline',
      unrepresentable: 'any',
      override: overrideFor(io),
    });
    const { $schema: _dialect, $defs: parts = {}, ...root } = JsonObject.parse(withWords(retarget(json)));
    for (const [name, part] of Object.entries(JsonObject.parse(parts))) {
      const { additionalProperties, ...open } = JsonObject.parse(part);
      this.#keep(
        name,
        additionalProperties === undefined || additionalProperties === false ? open : JsonObject.parse(part),
      );
    }
    return root;
  }

  #keep(name: string, schema: JsonSchema): void {
    const known = this.#schemas.get(name);
    if (known !== undefined && !isDeepStrictEqual(known, schema)) throw new Error(`two schemas are called ${name}`);
    this.#schemas.set(name, schema);
  }

  all(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#schemas].toSorted(([a], [b]) => a.localeCompare(b)));
  }
}

const JsonObject = z.record(z.string(), z.unknown());

const overrideFor =
  (io: 'input' | 'output') =>
  ({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: z.core.JSONSchema.BaseSchema }): void => {
    delete jsonSchema.id;
    // Zod writes 200-character patterns for dates; the format says it already.
    if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
    // What is sent to us is closed; answers may grow, so no client may refuse a field it does not know.
    if (io === 'output' && zodSchema instanceof z.ZodObject && jsonSchema.additionalProperties === false) {
      delete jsonSchema.additionalProperties;
    }
  };

/** `#/$defs/Money` as `#/components/schemas/Money`, at any depth. */
const retarget = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(retarget);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [
      key,
      key === '$ref' && typeof inner === 'string'
        ? inner.replace('#/$defs/', '#/components/schemas/')
        : retarget(inner),
    ]),
  );
};

/** Properties without words of their own get those of their name; a reference has those of what it refers to. */
const withWords = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withWords);
  if (typeof value !== 'object' || value === null) return value;
  const said = Object.entries(value).map(([key, inner]: [string, unknown]) => [key, withWords(inner)] as const);
  return Object.fromEntries(
    said.map(([key, inner]) => [key, key === 'properties' ? describeAll(JsonObject.parse(inner)) : inner]),
  );
};

const describeAll = (properties: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, describe(name, property)]));

const describe = (name: string, property: unknown): unknown => {
  const words = Object.hasOwn(PROPERTY_WORDS, name) ? PROPERTY_WORDS[name] : undefined;
  const known = JsonObject.safeParse(property).data;
  if (words === undefined || known === undefined || '$ref' in known || 'description' in known) return property;
  return { ...known, description: words };
};
