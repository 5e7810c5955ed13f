import { readFile, stat } from 'node:fs/promises';
import { extname, resolve } from 'node:path';

import { platformFail } from '@quittance/kernel';
import { newTraceparent, runInOperation } from '@quittance/runtime';

import { IMPORT_OUTCOMES, type ImportLegacy, type ImportResult } from '../application/index.ts';
import { type ReadLine, readRows } from './read-rows.ts';

export interface ImportRun {
  /** `FILE`, and `--apply`: without it nothing is changed. */
  readonly args: readonly string[];
  /** Where a relative path starts. */
  readonly folder: string;
  readonly say: (line: string) => void;
  readonly importer: Importer;
}

export interface Importer {
  readonly apply: ImportLegacy;
  /** A dry run of one file. */
  readonly rehearse: () => ImportLegacy;
}

const IS_CHANGE = { created: true, linked: true, unchanged: false, refused: false } as const satisfies Record<
  ImportResult['outcome'],
  boolean
>;
const FILE_BYTES_MAX = 50 * 1024 * 1024;
const USAGE = 'import-legacy FILE.csv|FILE.json [--apply]';

/** Every row has one line; the last line counts them. True when no row was refused. */
export const runImport = async (run: ImportRun): Promise<boolean> => {
  const { file, apply } = optionsOf(run.args);
  const path = resolve(run.folder, file);
  const rows = readRows(await textOf(path), extname(path).toLowerCase() === '.json' ? 'json' : 'csv');
  const counts = new Map<ImportResult['outcome'], number>();
  const importLegacy = apply ? run.importer.apply : run.importer.rehearse();
  for (const row of rows) {
    const result = await resultOf(row, importLegacy);
    counts.set(result.outcome, (counts.get(result.outcome) ?? 0) + 1);
    const word = apply || !IS_CHANGE[result.outcome] ? result.outcome : `would be ${result.outcome}`;
    run.say(`line ${row.line}  ${row.legacyId}  ${word}: ${result.text}`);
  }
  const sums = IMPORT_OUTCOMES.map((outcome) => `${counts.get(outcome) ?? 0} ${outcome}`).join(', ');
  run.say(
    `${rows.length} rows: ${sums}.${apply ? '' : ' This was a dry run: nothing was changed. Add --apply to do it.'}`,
  );
  return (counts.get('refused') ?? 0) === 0;
};

const resultOf = (row: ReadLine, importLegacy: ImportLegacy): Promise<ImportResult> =>
  'problem' in row
    ? Promise.resolve({ outcome: 'refused', text: row.problem })
    : asOperation(`import-legacy:${row.legacyId}`, () => importLegacy(row.read));

/** Every row is an operation of its own, named after it. */
const asOperation = (id: string, work: () => Promise<ImportResult>): Promise<ImportResult> =>
  runInOperation(
    {
      id,
      actor: { kind: 'system', id: 'subscription.import-legacy' },
      correlationId: null,
      requestId: null,
      sourceIp: null,
      traceparent: newTraceparent(),
      enlisted: [],
    },
    work,
  );

const optionsOf = (args: readonly string[]): { readonly file: string; readonly apply: boolean } => {
  const files = args.filter((argument) => !argument.startsWith('--'));
  const unknown = args.filter((argument) => argument.startsWith('--') && argument !== '--apply' && argument !== '--');
  const [file] = files;
  if (file === undefined || files.length > 1 || unknown.length > 0) {
    throw platformFail('platform.invalid_request', `Usage: ${USAGE}`);
  }
  return { file, apply: args.includes('--apply') };
};

const textOf = async (path: string): Promise<string> => {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile()) throw platformFail('platform.invalid_request', `There is no file ${path}.`);
  if (found.size > FILE_BYTES_MAX) {
    throw platformFail('platform.invalid_request', `${path} is larger than 50 MiB: split it.`);
  }
  return readFile(path, 'utf8');
};
