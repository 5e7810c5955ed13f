import { loadConfig } from '@quittance/runtime';
import { runMain } from '@quittance/service';

import { paymentsCardConfig } from './config.ts';
import { buildService } from './service.ts';

await runMain({
  name: 'payments-card',
  config: () => loadConfig(paymentsCardConfig, process.env),
  args: process.argv.slice(2),
  buildService,
});
