import { type HttpContract, httpContracts } from '@quittance/contracts';
import { z } from 'zod';

import { type JsonSchema, SchemaComponents } from './json-schema.ts';

const JsonObject = z.record(z.string(), z.unknown());
const ObjectSchema = z.object({
  properties: z.record(z.string(), JsonObject).default({}),
  required: z.array(z.string()).default([]),
});

/** Every public route as OpenAPI 3.1. */
export const openApiDocument = (): string => {
  const components = new SchemaComponents();
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const contract of httpContracts) {
    const path = openApiPath(contract.path);
    paths[path] = { ...paths[path], [contract.method.toLowerCase()]: operation(contract, components) };
  }
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Quittance',
      version: '1.0.0',
      summary: 'The billing platform of a SaaS company.',
      description:
        'Everything but an export answers JSON; errors are RFC 9457 problems whose `code` is listed in errors.md. Money is whole minor units of an ISO 4217 currency.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The gateway.' }],
    tags: [...new Set(httpContracts.map(({ service }) => service))]
      .toSorted()
      .map((name) => ({ name, description: `Answered by ${name}.` })),
    paths,
    components: {
      schemas: { ...components.all(), Problem: PROBLEM },
      responses: Object.fromEntries(
        Object.entries(PROBLEMS).map(([status, description]) => [
          `Problem${status}`,
          {
            description,
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        ]),
      ),
      parameters: { IdempotencyKey: IDEMPOTENCY_KEY, IfMatch: IF_MATCH, IfNoneMatch: IF_NONE_MATCH },
      securitySchemes: SECURITY_SCHEMES,
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
};

const openApiPath = (path: string): string => path.replaceAll(/:([a-zA-Z]+)/g, '{$1}');

const operation = (contract: HttpContract, components: SchemaComponents): JsonSchema => ({
  operationId: contract.name,
  summary: contract.summary,
  tags: [contract.service],
  security: securityOf(contract),
  parameters: [
    ...parametersOf(components.add(contract.params, 'input'), 'path'),
    ...parametersOf(components.add(contract.query, 'input'), 'query'),
    ...(contract.idempotency === 'required' ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ...(contract.ifMatch === 'required' ? [{ $ref: '#/components/parameters/IfMatch' }] : []),
    ...(contract.ifMatch === 'optional' ? [{ ...IF_MATCH, required: false }] : []),
    ...(isConditional(contract) ? [{ $ref: '#/components/parameters/IfNoneMatch' }] : []),
    ...Object.entries(contract.headers ?? {}).map(([name, description]) => headerOf(name, description)),
  ],
  ...requestBodyOf(contract, components),
  responses: responsesOf(contract, components),
  'x-permissions': typeof contract.access === 'string' ? [] : contract.access.anyOf,
  'x-audit-action': contract.audit,
  'x-rate-class': contract.rate,
});

const securityOf = ({ access }: HttpContract): readonly JsonSchema[] => {
  if (access === 'public') return [];
  return access === 'signed' ? [{ providerSignature: [] }] : [{ authGateToken: [] }];
};

/** Whoever has the answer already is told so. */
const isConditional = ({ method, etag }: HttpContract): boolean => method === 'GET' && etag !== undefined;

const headerOf = (name: string, description: string): JsonSchema => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string', maxLength: 256 },
});

const parametersOf = (schema: JsonSchema, where: 'path' | 'query'): readonly JsonSchema[] => {
  const { properties, required } = ObjectSchema.parse(schema);
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || (required.includes(name) && property['default'] === undefined),
    schema: property,
  }));
};

const requestBodyOf = ({ body }: HttpContract, components: SchemaComponents): JsonSchema => {
  if (body === 'none') return {};
  const schema =
    body === 'raw' ? { description: 'As the provider signed it, byte for byte.' } : components.add(body, 'input');
  return { requestBody: { required: true, content: { 'application/json': { schema } } } };
};

const responsesOf = (contract: HttpContract, components: SchemaComponents): JsonSchema => {
  const schema = components.add(contract.answer, 'output');
  const content = Object.fromEntries((contract.files ?? ['application/json']).map((type) => [type, { schema }]));
  const mayStillRun = contract.idempotency === 'required' && contract.status !== 202;
  return {
    [contract.status]:
      contract.status === 204
        ? { description: 'Done.' }
        : { description: 'The answer.', ...headersOf(contract), content },
    ...(isConditional(contract) ? { 304: { description: 'As it was: If-None-Match named it.' } } : {}),
    ...(mayStillRun
      ? { 202: { description: 'Accepted; the outcome is still on its way. Read it again.', content } }
      : {}),
    ...Object.fromEntries(
      problemStatuses(contract).map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]),
    ),
  };
};

const headersOf = ({ etag, files }: HttpContract): JsonSchema => {
  const headers = {
    ...(etag === undefined ? {} : { ETag: { description: etag, schema: { type: 'string' } } }),
    ...(files === undefined ? {} : FILE_HEADERS),
  };
  return Object.keys(headers).length === 0 ? {} : { headers };
};

const FILE_HEADERS: JsonSchema = {
  'Content-Disposition': { description: 'The name to save it under.', schema: { type: 'string' } },
  Link: { description: 'The next file, `rel="next"` (RFC 8288); absent after the last.', schema: { type: 'string' } },
};

const problemStatuses = (contract: HttpContract): readonly string[] => [
  '400',
  ...(contract.access === 'public' ? [] : ['401', '403']),
  ...(mayBeOfAnother(contract) ? ['404'] : []),
  ...(contract.method === 'GET' ? [] : ['409', '422']),
  // Whoever sends a body where none is taken is told the same.
  '413',
  ...(typeof contract.body === 'string' ? [] : ['415']),
  '429',
  '500',
  '503',
];

/** It names something, or acts on what the caller's account has: what is not theirs is not there. */
const mayBeOfAnother = ({ path, method, query }: HttpContract): boolean =>
  path.includes(':') || 'account' in propertiesOf(query) || (path.startsWith('/api/billing/') && method !== 'GET');

const propertiesOf = (schema: z.ZodType): object => (schema instanceof z.ZodObject ? schema.shape : {});

const PROBLEMS: Readonly<Record<string, string>> = {
  400: 'The request is not as the contract says.',
  401: 'No valid token or signature.',
  403: 'This token may not do that.',
  404: 'There is nothing here, or it belongs to another account.',
  409: 'Somebody else changed it first, or it is still running.',
  413: 'The body is longer than this route takes.',
  415: 'The body is not JSON in UTF-8, or it is compressed.',
  422: 'Understood and refused: the rule is in `code`.',
  429: 'Too many requests; see Retry-After.',
  500: 'Something broke on our side; `instance` finds it.',
  503: 'A part of the platform cannot answer now; try again.',
};

const PROBLEM: JsonSchema = {
  description: 'RFC 9457 problem details. `code` is stable; the others are for people.',
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'instance', 'remedy'],
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'Where the code is explained.' },
    title: { type: 'string', description: 'What kind of problem it is.' },
    status: { type: 'integer', description: 'The HTTP status once more.' },
    detail: { type: 'string', description: 'What was wrong with this request; absent where the fault is ours.' },
    code: { type: 'string', description: 'Stable: decide by this.', examples: ['platform.invalid_request'] },
    instance: { type: 'string', description: 'The id of this request: name it when you ask for help.' },
    remedy: { type: 'string', description: 'What to do about it.' },
    details: { type: 'object', description: 'What a program may need: of what it is depends on the code.' },
  },
};

const IDEMPOTENCY_KEY: JsonSchema = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description: 'Unique per thing you want done; send the same key when you retry. Kept for 24 hours.',
  schema: { type: 'string', minLength: 8, maxLength: 128 },
};

const IF_MATCH: JsonSchema = {
  name: 'If-Match',
  in: 'header',
  required: true,
  description: 'The ETag of the version that was read; a newer one is never overwritten.',
  schema: { type: 'string', maxLength: 128 },
};

const IF_NONE_MATCH: JsonSchema = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'The ETag of the answer that is known: 304 while it is still the same.',
  schema: { type: 'string', maxLength: 256 },
};

const SECURITY_SCHEMES: JsonSchema = {
  authGateToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A token of AuthGate.' },
  providerSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'Stripe-Signature',
    description: 'Signature of the provider over the raw body.',
  },
};
