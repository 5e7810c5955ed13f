import { assert, Secret } from '@quittance/kernel';
import { z } from 'zod';

/** Start-up stops here: every wrong variable in one sentence each, never its value. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration is wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** One variable as `docs/env.md` tells it. */
export interface ConfigVariable {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  /** As it would be written in the environment; null without one. */
  readonly default: string | null;
  readonly secret: boolean;
}

/** A variable whose value no log, error or JSON can print. */
export const secretString = () =>
  z
    .string()
    .min(1)
    .transform((value) => new Secret(value))
    .meta({ secret: true });

/**
 * Reads the variables a schema declares, and no others; an empty one counts as unset.
 *
 * @throws ConfigError listing every wrong variable. A variable without a description is our bug (AssertionFailed).
 */
export const loadConfig = <S extends z.ZodObject>(
  schema: S,
  env: Readonly<Record<string, string | undefined>>,
): z.output<S> => {
  describeConfig(schema);
  const names = Object.keys(schema.shape);
  const given = Object.fromEntries(names.map((name) => [name, env[name] === '' ? undefined : env[name]]));
  const parsed = schema.safeParse(given);
  const problems = parsed.success
    ? crossProblems(names, given)
    : [...parsed.error.issues.map((issue) => sentence(issue, given)), ...crossProblems(names, given)];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return parsed.data;
};

/** The variables of a schema, for the generated documentation. */
export const describeConfig = (schema: z.ZodObject): readonly ConfigVariable[] => {
  const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
  return Object.entries(shape).map(([name, field]) => describeVariable(name, layersOf(field)));
};

const describeVariable = (name: string, layers: readonly z.core.$ZodType[]): ConfigVariable => {
  const metas = layers.map((layer) => z.globalRegistry.get(layer) ?? {});
  const description = metas.find((meta) => typeof meta.description === 'string')?.description;
  assert(description, `configuration variable ${name} needs .describe()`);
  const defaults = layers.flatMap((layer) => (layer instanceof z.ZodDefault ? [layer.def.defaultValue] : []));
  const optional = layers.some((layer) => layer instanceof z.ZodOptional);
  return {
    name,
    description,
    required: defaults.length === 0 && !optional,
    default: defaults.length === 0 ? null : String(defaults[0]),
    secret: metas.some((meta) => meta['secret'] === true),
  };
};

/** A schema and all it is wrapped around: default, optional, transform. */
const layersOf = (schema: z.core.$ZodType): readonly z.core.$ZodType[] => {
  if (schema instanceof z.ZodPipe) return [schema, ...layersOf(schema.def.in)];
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return [schema, ...layersOf(schema.def.innerType)];
  }
  return [schema];
};

const sentence = (issue: z.core.$ZodIssue, given: Readonly<Record<string, string | undefined>>): string => {
  const name = String(issue.path[0] ?? 'configuration');
  return given[name] === undefined ? `${name} is required and not set.` : `${name} is wrong: ${issue.message}.`;
};

/** What no single variable can say; applied to schemas that declare the variables concerned. */
const crossProblems = (
  names: readonly string[],
  given: Readonly<Record<string, string | undefined>>,
): readonly string[] => {
  const declares = (...wanted: readonly string[]) => wanted.every((name) => names.includes(name));
  const problems: string[] = [];
  if (declares('RABBITMQ_URL', 'BUS_DATABASE_URL')) {
    const transports = [given['RABBITMQ_URL'], given['BUS_DATABASE_URL']].filter((url) => url !== undefined).length;
    if (transports !== 1) problems.push('Exactly one of RABBITMQ_URL and BUS_DATABASE_URL must be set.');
  }
  if (declares('KILL_POINT', 'QUITTANCE_MODE') && given['KILL_POINT'] !== undefined) {
    const mode = given['QUITTANCE_MODE'] ?? 'production';
    if (mode === 'production') problems.push('KILL_POINT is for fault tests and is refused in production mode.');
  }
  return problems;
};
