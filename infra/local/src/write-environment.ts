import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { serviceEnvironment, type SuiteFacts } from './suite-environment.ts';

/** What the service's own command needs to know: where its rows are, and what time it is there. */
const TOLD = ['QUITTANCE_MODE', 'DATABASE_URL', 'SANDBOX_CLOCK_URL'];

/**
 * Where a service's own commands find the running suite: `import-legacy` reads `.quittance/environment/subscription.env`
 * when nothing else says which database. Like the secrets beside it, for the owner's eyes only.
 */
export const writeEnvironment = async (folder: string, facts: SuiteFacts): Promise<void> => {
  const told = Object.entries(serviceEnvironment('subscription', facts)).filter(([name]) => TOLD.includes(name));
  await mkdir(join(folder, 'environment'), { recursive: true, mode: 0o700 });
  const file = join(folder, 'environment', 'subscription.env');
  await writeFile(file, told.map(([name, value]) => `${name}=${value}\n`).join(''), { mode: 0o600 });
};
