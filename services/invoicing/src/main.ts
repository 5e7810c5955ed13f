import { loadConfig } from '@quittance/runtime';
import { runMain } from '@quittance/service';

import { invoicingConfig } from './config.ts';
import { buildService } from './service.ts';

await runMain({
  name: 'invoicing',
  config: () => loadConfig(invoicingConfig, process.env),
  args: process.argv.slice(2),
  buildService,
});
