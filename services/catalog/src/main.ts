import { ConfigError, loadConfig, makeLogger, systemClock, systemWallClock } from '@quittance/runtime';
import { runMain } from '@quittance/service';

import { catalogConfig } from './config.ts';
import { buildService, seedOnce } from './service.ts';

const seed = async (): Promise<void> => {
  try {
    const config = loadConfig(catalogConfig, process.env);
    const logger = makeLogger({ service: 'catalog', level: config.LOG_LEVEL });
    const { onSale, drafts } = await seedOnce({ config, clock: systemClock, wallClock: systemWallClock, logger });
    if (onSale.length > 0) console.log(`catalog: on sale: ${onSale.join(', ')}.`);
    if (drafts.length > 0) {
      console.log(
        `catalog: drafts, until they are told in ${config.CATALOG_LANGUAGES.join(', ')}: ${drafts.join(', ')}.`,
      );
    }
    if (onSale.length + drafts.length === 0) console.log('catalog: everything of the seed is there already.');
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
