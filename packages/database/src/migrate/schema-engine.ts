import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import { assert, type Secret } from '@quittance/kernel';
import { DatabaseError, type FieldDef, Pool } from 'pg';

import { type Migration } from './migration.ts';

/** Prisma's own schema engine on one database. */
export interface SchemaEngine {
  /** Applies what is missing, in order, each migration in one transaction; answers the names. Stops at a failure. */
  apply(migrations: readonly Migration[]): Promise<readonly string[]>;
  /** The SQL that would turn this database into what schema.prisma says; null when it is that already. */
  diff(): Promise<string | null>;
  close(): Promise<void>;
}

export interface SchemaEngineOptions {
  readonly url: Secret;
  readonly schemaPrisma: string;
  /** A migration that waits longer than this for a lock fails. */
  readonly lockTimeoutMs?: number;
}

const SCHEMA_FILE = 'schema.prisma';
const FILTERS = { externalTables: [], externalEnums: [] };

export const openSchemaEngine = async (options: SchemaEngineOptions): Promise<SchemaEngine> => {
  await loadEngine();
  const pool = new Pool({
    connectionString: options.url.reveal(),
    max: 1,
    application_name: 'quittance-migrate',
    options: `-c lock_timeout=${String(options.lockTimeoutMs ?? 10_000)}`,
  });
  pool.on('error', () => undefined);
  const factory = bindMigrationAwareSqlAdapterFactory(repairedFactory(pool));
  const datamodels: [string, string][] = [[SCHEMA_FILE, options.schemaPrisma]];
  const engine = await bindings.SchemaEngine.new({ datamodels }, () => undefined, factory);
  return {
    apply: async (migrations) => {
      const { appliedMigrationNames } = await engine.applyMigrations({
        migrationsList: toMigrationList(migrations),
        filters: FILTERS,
      });
      return appliedMigrationNames;
    },
    diff: async () => {
      const files = [{ path: SCHEMA_FILE, content: options.schemaPrisma }];
      const result = await engine.diff({
        from: { tag: 'schemaDatasource', files, configDir: '/' },
        to: { tag: 'schemaDatamodel', files },
        script: true,
        exitCode: true,
        filters: FILTERS,
      });
      return result.exitCode === 0 ? null : result.stdout;
    },
    close: async () => {
      engine.free();
      await pool.end();
    },
  };
};

const toMigrationList = (migrations: readonly Migration[]) => ({
  baseDir: '/migrations',
  lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
  shadowDbInitScript: '',
  migrationDirectories: migrations.map(({ name, sql }) => ({
    path: name,
    migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } as const },
  })),
});

/**
 * Two repairs of the adapter for the engine's sake. It cuts scripts at every semicolon, which breaks functions: a
 * migration runs as one simple query instead, which PostgreSQL makes one transaction. And it refuses columns of the
 * catalogue's type "char", which the engine reads when it compares schemas.
 */
const repairedFactory = (pool: Pool): SqlMigrationAwareDriverAdapterFactory => {
  const charColumns = acceptCatalogueChars(pool);
  const original = new PrismaPg(pool);
  return {
    provider: original.provider,
    adapterName: original.adapterName,
    connect: async () => repaired(await original.connect(), pool, charColumns),
    connectToShadowDb: () => original.connectToShadowDb(),
  };
};

const repaired = (adapter: SqlDriverAdapter, pool: Pool, charColumns: Set<string>): SqlDriverAdapter => {
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.executeScript = async (script) => {
    try {
      await pool.query(script);
    } catch (error) {
      throw error instanceof DatabaseError ? toAdapterError(error) : error;
    }
  };
  adapter.queryRaw = async (query) => {
    // One connection and one engine that waits for each answer: the set is about this query.
    charColumns.clear();
    const answer = await queryRaw(query);
    const columnTypes = answer.columnTypes.map((type, index) =>
      charColumns.has(answer.columnNames[index] ?? '') ? ColumnTypeEnum.Character : type,
    );
    return { ...answer, columnTypes };
  };
  return adapter;
};

/** PostgreSQL's own sentence, in the form that the engine hands on. */
const toAdapterError = (error: DatabaseError): DriverAdapterError =>
  new DriverAdapterError({
    kind: 'postgres',
    code: error.code ?? '',
    severity: error.severity ?? 'ERROR',
    message: error.message,
    detail: error.detail,
    column: error.column,
    hint: error.hint,
  });

const CATALOGUE_CHAR_OID = 18;
const TEXT_OID = 25;

/** Tells the adapter that such a column is text, and remembers which ones they were. */
const acceptCatalogueChars = (pool: Pool): Set<string> => {
  const names = new Set<string>();
  const query: unknown = Reflect.get(pool, 'query');
  assert(typeof query === 'function', 'a pool can query');
  Reflect.set(pool, 'query', async (...asked: unknown[]) => {
    const answer: unknown = await Reflect.apply(query, pool, asked);
    for (const field of fieldsOf(answer)) {
      if (field.dataTypeID !== CATALOGUE_CHAR_OID) continue;
      field.dataTypeID = TEXT_OID;
      names.add(field.name);
    }
    return answer;
  });
  return names;
};

const fieldsOf = (answer: unknown): readonly FieldDef[] => {
  if (typeof answer !== 'object' || answer === null || !('fields' in answer)) return [];
  return Array.isArray(answer.fields) ? answer.fields.filter(isField) : [];
};

const isField = (value: unknown): value is FieldDef =>
  typeof value === 'object' && value !== null && 'name' in value && 'dataTypeID' in value;

let loading: Promise<void> | null = null;

/** Compiled once per process, some 30 ms. */
const loadEngine = (): Promise<void> => {
  loading ??= load();
  return loading;
};

const load = async (): Promise<void> => {
  const script = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const module = await WebAssembly.compile(await readFile(script.replace(/\.js$/, '.wasm')));
  const { exports } = await WebAssembly.instantiate(module, { './schema_engine_bg.js': bindings });
  // oxlint-disable-next-line no-underscore-dangle -- the generated bindings' own name
  bindings.__wbg_set_wasm(exports);
  const start = exports['__wbindgen_start'];
  assert(isStart(start), 'the schema engine has no start function');
  start();
};

const isStart = (value: unknown): value is () => void => typeof value === 'function';
