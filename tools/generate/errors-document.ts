import { z } from 'zod';

import { statusOf } from '../../packages/http/src/problem.ts';
import { DomainError } from '../../packages/kernel/src/index.ts';
import { loadExports } from './load-exports.ts';

const Kind = z.enum([
  'invalid',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'refused',
  'rate_limited',
  'unavailable',
  'internal',
]);
const ErrorTable = z.record(z.string(), z.strictObject({ kind: Kind, title: z.string(), remedy: z.string() }));
type ErrorTable = z.infer<typeof ErrorTable>;

/** Where tables of error codes live: exports that end in `Errors`. */
const SOURCES = ['packages/kernel/src/platform-errors.ts', 'services/*/src/domain/errors.ts'];

/** Every table of codes, by where it stands. */
export const loadErrorTables = async (): Promise<readonly (readonly [owner: string, table: ErrorTable])[]> => {
  const found = await loadExports(SOURCES, 'Errors');
  return found.map(({ file, value }) => [file.split('/')[1] ?? file, ErrorTable.parse(value)] as const);
};

/** Every code an answer can carry: status, what it means, what to do. */
export const errorsDocument = async (): Promise<string> => {
  const tables = await loadErrorTables();
  return [
    '# Errors',
    '',
    'Generated from the tables of codes by `pnpm generate`; change it there. Codes are stable: programs may depend on them.',
    '',
    ...tables.flatMap(([owner, table]) => section(owner, table)),
  ].join('\n');
};

const section = (owner: string, table: ErrorTable): readonly string[] => [
  `## ${owner === 'kernel' ? 'Every service' : owner}`,
  '',
  '| code | status | meaning | what to do |',
  '| --- | --- | --- | --- |',
  ...Object.entries(table).map(
    ([code, { kind, title, remedy }]) =>
      `| \`${code}\` | ${String(statusOf(new DomainError({ code, kind }, title)))} ${kind} | ${title} | ${remedy} |`,
  ),
  '',
];
