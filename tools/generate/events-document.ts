import { allMessages, type MessageDefinition } from '@quittance/contracts';
import { z } from 'zod';

import { type JsonSchema, SchemaComponents } from './json-schema.ts';

/** Every message: who sends it, who receives it, what it carries. */
export const eventsDocument = (): string => {
  const components = new SchemaComponents();
  const sections = allMessages.map((message) => section(message, components));
  return [
    '# Messages',
    '',
    'Generated from `packages/contracts` by `pnpm generate`; change it there.',
    '',
    'Every message is CloudEvents 1.0 JSON of at most 64 KiB with the extension attributes `correlationid`, `causationid`, `actorkind`, `actorid`, `version`, `traceparent` and `replayed`. An event is a fact and has any number of consumers; a command asks one service for one thing and has an id derived from its intent.',
    '',
    '| type | kind | from | to |',
    '| --- | --- | --- | --- |',
    ...allMessages.map(
      ({ type, kind, producers, consumers }) =>
        `| [\`${type}\`](#${anchor(type)}) | ${kind} | ${producers.join(', ')} | ${consumers.join(', ')} |`,
    ),
    '',
    ...sections,
    '## Shared shapes',
    '',
    ...Object.entries(components.all()).flatMap(([name, schema]) => [`### ${name}`, '', ...fieldTable(schema), '']),
  ].join('\n');
};

const anchor = (type: string): string => type.replaceAll('.', '');

const section = (message: MessageDefinition, components: SchemaComponents): string =>
  [
    `## ${message.type}`,
    '',
    message.summary,
    '',
    `${message.kind === 'event' ? 'Event' : 'Command'} from ${message.producers.join(', ')} to ${message.consumers.join(', ')}.`,
    '',
    ...fieldTable(components.add(message.data, 'output')),
    '',
  ].join('\n');

const fieldTable = (schema: JsonSchema): readonly string[] => [
  '| field | type | |',
  '| --- | --- | --- |',
  ...fields(schema, '').map(([path, type, note]) => `| \`${path}\` | ${type} | ${note} |`),
];

const Json = z.record(z.string(), z.unknown());
const Objects = z.array(Json);

type Field = readonly [path: string, type: string, note: string];

/** The leaves and branches of a schema, one row each, in the order of the contract. */
const fields = (schema: JsonSchema, prefix: string): readonly Field[] => {
  const required = z.array(z.string()).catch([]).parse(schema['required']);
  return Object.entries(Json.catch({}).parse(schema['properties'])).flatMap(([name, inner]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const property = Json.parse(inner);
    return [[path, typeOf(property), required.includes(name) ? '' : 'optional'] as const, ...below(property, path)];
  });
};

const below = (schema: JsonSchema, path: string): readonly Field[] => {
  if (schema['type'] === 'array') return below(Json.parse(schema['items']), `${path}[]`);
  const variants = variantsOf(schema).filter((variant) => variant['type'] === 'object');
  return [...fields(schema, path), ...variants.flatMap((variant) => fields(variant, path))];
};

const variantsOf = (schema: JsonSchema): readonly JsonSchema[] =>
  Objects.catch([]).parse(schema['anyOf'] ?? schema['oneOf']);

const typeOf = (schema: JsonSchema): string => {
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const name = reference.replace('#/components/schemas/', '');
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (schema['const'] !== undefined) return `\`${JSON.stringify(schema['const'])}\``;
  const choices = z.array(z.unknown()).catch([]).parse(schema['enum']);
  if (choices.length > 0) return choices.map((choice) => `\`${String(choice)}\``).join(', ');
  if (schema['type'] === 'array') return `list of ${typeOf(Json.parse(schema['items']))}`;
  const variants = [...new Set(variantsOf(schema).map(typeOf))];
  if (variants.length > 0) return variants.join(' or ');
  if (schema['type'] === 'object' && schema['properties'] === undefined) {
    return `map of ${typeOf(Json.catch({}).parse(schema['additionalProperties']))}`;
  }
  const name =
    z.array(z.string()).catch([]).parse(schema['type']).join(' or ') ||
    z.string().catch('anything').parse(schema['type']);
  return typeof schema['format'] === 'string' ? `${name} (${schema['format']})` : name;
};
