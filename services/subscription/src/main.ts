import { loadConfig } from '@quittance/runtime';
import { runMain } from '@quittance/service';

import { subscriptionConfig } from './config.ts';
import { buildService } from './service.ts';

await runMain({
  name: 'subscription',
  config: () => loadConfig(subscriptionConfig, process.env),
  args: process.argv.slice(2),
  buildService,
});
