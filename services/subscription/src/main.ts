import { toError } from '@quittance/kernel';
import { loadConfig } from '@quittance/runtime';
import { runMain } from '@quittance/service';

import { importConfig, subscriptionConfig } from './config.ts';
import { runImport } from './import/run-import.ts';
import { buildService, openImporter } from './service.ts';

const [command, ...args] = process.argv.slice(2);

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** `import-legacy FILE [--apply]`: ends with code 1 when a row was refused. */
const importFile = async (): Promise<void> => {
  const importer = openImporter(loadConfig(importConfig, { LOG_LEVEL: 'warn', ...process.env }));
  try {
    const allWell = await runImport({
      args,
      // The package manager runs this in the service's folder and says where it was called.
      folder: process.env['INIT_CWD'] ?? process.cwd(),
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
