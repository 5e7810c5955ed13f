import { loadConfig } from '@quittance/runtime';
import { runMain } from '@quittance/service';

import { gatewayConfig } from './config.ts';
import { buildService } from './service.ts';

await runMain({
  name: 'gateway',
  config: () => loadConfig(gatewayConfig, process.env),
  args: process.argv.slice(2),
  buildService,
});
