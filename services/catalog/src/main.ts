import { ConfigError, loadConfig, makeLogger, systemClock, systemWallClock } from '@quittance/runtime';
import { runMain } from '@quittance/service';

import { catalogConfig } from './config.ts';
import { buildService, seedOnce } from './service.ts';

const seed = async (): Promise<void> => {
  try {
    const config = loadConfig(catalogConfig, process.env);
    const logger = makeLogger({ service: 'catalog', level: config.LOG_LEVEL });
    const added = await seedOnce({ config, clock: systemClock, wallClock: systemWallClock, logger });
    console.log(
      added.length === 0 ? 'catalog: everything is on sale already.' : `catalog: on sale: ${added.join(', ')}.`,
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(error instanceof ConfigError ? reason : `catalog cannot be seeded: ${reason}`);
    process.exitCode = 1;
  }
};

const args = process.argv.slice(2);
if (args[0] === 'seed') await seed();
else {
  await runMain({ name: 'catalog', config: () => loadConfig(catalogConfig, process.env), args, buildService });
}
