import { describeConfig, serviceConfig } from '@quittance/runtime';
import { z } from 'zod';

import { loadExports } from './load-exports.ts';

/** Where configuration is declared: exported zod objects whose names end in `Config`. */
const SOURCES = ['services/*/src/config.ts', 'services/*/server/config.ts', 'infra/*/src/config.ts'];

type Variable = ReturnType<typeof describeConfig>[number];

/** Every environment variable that is read, and nothing else is. */
export const envDocument = async (): Promise<string> => {
  const declared = (await loadExports(SOURCES, 'Config')).flatMap(({ file, value }) =>
    value instanceof z.ZodObject ? [{ owner: file.split('/').slice(0, 2).join('/'), schema: value }] : [],
  );
  const shared = describeConfig(z.object(serviceConfig));
  return [
    '# Environment',
    '',
    'Generated from the configuration schemas by `pnpm generate`; change it there. A process reads these variables and no others; a wrong one stops it at start with one sentence.',
    '',
    '## Every service',
    '',
    ...table(shared),
    ...declared.flatMap(({ owner, schema }) => section(owner, schema, shared)),
  ].join('\n');
};

const section = (owner: string, schema: z.ZodObject, shared: readonly Variable[]): readonly string[] => {
  const all = describeConfig(schema);
  const isShared = ({ name, description }: Variable): boolean =>
    shared.some((other) => other.name === name && other.description === description);
  const own = all.filter((variable) => !isShared(variable));
  const common = all.length - own.length;
  const missing = shared.filter(({ name }) => !all.some((variable) => variable.name === name));
  const shares =
    common === 0
      ? 'Reads none of the variables above.'
      : missing.length === 0
        ? 'Reads all of the variables above.'
        : `Reads of the variables above: ${all
            .filter(isShared)
            .map(({ name }) => `\`${name}\``)
            .join(', ')}.`;
  return [
    `## ${owner}`,
    '',
    `${shares}${own.length === 0 ? ' Nothing else.' : ''}`,
    '',
    ...(own.length === 0 ? [] : table(own)),
  ];
};

const table = (variables: readonly Variable[]): readonly string[] => [
  '| variable | default | meaning |',
  '| --- | --- | --- |',
  ...variables.map(
    (variable) =>
      `| \`${variable.name}\`${variable.secret ? ' (secret)' : ''} | ${fallback(variable)} | ${variable.description} |`,
  ),
  '',
];

const fallback = (variable: Variable): string => {
  if (variable.default !== null) return `\`${variable.default}\``;
  return variable.required ? 'required' : 'unset';
};
