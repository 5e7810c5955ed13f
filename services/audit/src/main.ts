import { loadConfig } from '@quittance/runtime';
import { runMain } from '@quittance/service';

import { auditConfig } from './config.ts';
import { buildService } from './service.ts';

const args = process.argv.slice(2);
await runMain({ name: 'audit', config: () => loadConfig(auditConfig, process.env), args, buildService });
