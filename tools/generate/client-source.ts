import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

import { type HttpContract, httpContracts } from '@quittance/contracts';
import { compile } from 'json-schema-to-typescript';
import { z } from 'zod';

import { type JsonSchema, SchemaComponents } from './json-schema.ts';

const ObjectSchema = z.looseObject({ properties: z.record(z.string(), z.unknown()).default({}) });

const FOLDER = 'packages/client/src/generated';

/** Writes the SDK’s shapes and methods where they differ from what is there. */
export const generateClientSource = async (): Promise<void> => {
  const files = { 'shapes.ts': await clientShapes(), 'methods.ts': clientMethods() };
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const path = `${FOLDER}/${name}`;
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
    writeFileSync(path, text);
    process.stdout.write(`generated ${path}\n`);
  }
};

/**
 * The routes other services may want. Webhooks are providers’, `/api` is deprecated, a hand-off’s session our page’s,
 * and files are people’s.
 */
const offered = httpContracts.filter(
  ({ path, access, files }) =>
    path.startsWith('/v1/') && access !== 'signed' && files === undefined && !path.startsWith('/v1/handoff-sessions'),
);

/** Every shape on the wire as an interface that needs nothing else: who installs the client need not install zod. */
const clientShapes = async (): Promise<string> => {
  const components = new SchemaComponents();
  const own = Object.fromEntries(offered.flatMap((contract) => shapesOf(contract, components)));
  const definitions = { ...components.all(), ...own };
  const schema = retarget({ type: 'object', additionalProperties: false, properties: {}, definitions });
  const source = await compile(z.looseObject({}).parse(schema), 'NothingAtAll', {
    additionalProperties: false,
    bannerComment: BANNER,
    declareExternallyReferenced: true,
    unreachableDefinitions: true,
    style: { printWidth: 120, singleQuote: true },
    strictIndexSignatures: true,
  });
  // What the converter says of itself says nothing to a reader.
  return source
    .replace(/export interface NothingAtAll \{\}\s*/, '')
    .replaceAll(/\/\*\*\s+\* This interface was referenced by [^/]*\*\/\n/g, '');
};

const BANNER = '// Generated from the contracts by `pnpm generate`. Do not edit.';

const shapesOf = (contract: HttpContract, components: SchemaComponents): readonly (readonly [string, JsonSchema])[] => {
  const input = inputOf(contract, components);
  const answer = components.add(contract.answer, 'output');
  return [
    ...(input === null ? [] : [[`${contract.name}Input`, input] as const]),
    ...(answer['$ref'] === undefined ? [[`${contract.name}Answer`, answer] as const] : []),
  ];
};

/** A part that several routes answer with keeps its own name. */
const answerType = ({ name, answer }: HttpContract): string => {
  const { $ref } = z.looseObject({ $ref: z.string().optional() }).parse(new SchemaComponents().add(answer, 'output'));
  return $ref?.split('/').at(-1) ?? `${name}Answer`;
};

/** Path, query and body as one object: their names never meet. */
const inputOf = (contract: HttpContract, components: SchemaComponents): JsonSchema | null => {
  const { params, query, body } = contract;
  const parts = [params, query, ...(typeof body === 'string' ? [] : [body])].map((part) =>
    ObjectSchema.parse(components.add(part, 'input')),
  );
  const names = parts.flatMap(({ properties }) => Object.keys(properties));
  if (new Set(names).size < names.length) throw new Error(`${contract.name} has one name in two parts.`);
  if (names.length === 0) return null;
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
    required: parts.flatMap((part) => z.array(z.string()).default([]).parse(part['required'])),
  };
};

/** One method for each route, by the name of its contract. */
const clientMethods = (): string => {
  const names = offered.flatMap((contract) => [
    ...(hasInput(contract) ? [`${contract.name}Input`] : []),
    answerType(contract),
  ]);
  return `${BANNER}
import { type Call, type CallOptions } from '../call.ts';
import type { ${[...new Set(names)].toSorted().join(', ')} } from './shapes.ts';

/** Every route by the name of its contract. */
export const makeMethods = (call: Call) => ({
${offered.map(methodOf).join('\n\n')}
});
`;
};

const methodOf = (contract: HttpContract): string => {
  const { name, method, path, summary } = contract;
  const input = hasInput(contract);
  const optional = input && !contract.path.includes(':') && typeof contract.body === 'string' ? ' = {}' : '';
  const query = namesOf(contract.query);
  const route = JSON.stringify({ method, path, query, repeat: repeatOf(contract), needs: needsOf(contract) });
  return `  /** ${summary.replaceAll('*/', '')} \`${method} ${path}\` (${accessOf(contract)}) */
  ${name.charAt(0).toLowerCase()}${name.slice(1)}: (${input ? `input: ${name}Input${optional}, ` : ''}options?: CallOptions): Promise<${answerType(contract)}> =>
    call<${answerType(contract)}>(${route}, ${input ? 'input' : '{}'}, options),`;
};

/** The names that every answer has. */
const needsOf = ({ answer }: HttpContract): readonly string[] => {
  const fields = answer instanceof z.ZodObject ? Object.entries(answer.shape) : [];
  return fields.filter(([, field]) => !z.safeParse(field, undefined).success).map(([name]) => name);
};

const namesOf = (schema: z.ZodType): readonly string[] =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];

const hasInput = ({ params, query, body }: HttpContract): boolean =>
  [params, query, body].some((part) => typeof part !== 'string' && namesOf(part).length > 0);

const accessOf = ({ access }: HttpContract): string =>
  typeof access === 'string' ? access : access.anyOf.join(' or ');

/** What a broken connection allows: nothing changes by asking again; or the key makes it one; or nobody knows. */
const repeatOf = ({ method, audit, idempotency }: HttpContract): 'safe' | 'with_key' | 'never' => {
  if (method === 'GET' || audit === 'none') return 'safe';
  return idempotency === 'required' ? 'with_key' : 'never';
};

const retarget = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll('#/components/schemas/', '#/definitions/'));
