import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { toError } from '@quittance/kernel';
import { loadConfig } from '@quittance/runtime';
import { runMain } from '@quittance/service';

import { importConfig, subscriptionConfig } from './config.ts';
import { runImport } from './import/run-import.ts';
import { buildService, openImporter } from './service.ts';

const [command, ...args] = process.argv.slice(2);

// The package manager runs this in the service's folder and says where it was called.
const calledIn = process.env['INIT_CWD'] ?? process.cwd();

/** Where nothing says which database: that of the local suite that runs, and its clock. */
const readLocalSuite = (): void => {
  if (process.env['DATABASE_URL'] !== undefined) return;
  const ownFolder = resolve(import.meta.dirname, '../../../.quittance');
  const folder = resolve(calledIn, process.env['QUITTANCE_DATA'] ?? ownFolder);
  const file = join(folder, 'environment', 'subscription.env');
  if (existsSync(file)) process.loadEnvFile(file);
};

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** `import-legacy FILE [--apply]`: ends with code 1 when a row was refused. */
const importFile = async (): Promise<void> => {
  readLocalSuite();
  const importer = await openImporter(loadConfig(importConfig, { LOG_LEVEL: 'warn', ...process.env }));
  try {
    const allWell = await runImport({
      args,
      folder: calledIn,
      say,
      importer,
    });
    process.exitCode = allWell ? 0 : 1;
  } finally {
    await importer.close();
  }
};

if (command === 'import-legacy') {
  await importFile().catch((error: unknown) => {
    process.stderr.write(`Nothing more was imported: ${toError(error).message}\n`);
    process.exitCode = 1;
  });
} else {
  await runMain({
    name: 'subscription',
    config: () => loadConfig(subscriptionConfig, process.env),
    args: process.argv.slice(2),
    buildService,
  });
}
