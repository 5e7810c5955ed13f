import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { serviceEnvironment, type SuiteFacts } from './suite-environment.ts';

/**
 * Where a service's own commands find the running suite: `import-legacy` reads `.quittance/environment/subscription.env`
 * when nothing else says which database. Like the secrets beside it, for the owner's eyes only.
 */
export const writeEnvironment = async (folder: string, facts: SuiteFacts): Promise<void> => {
  const { DATABASE_URL } = serviceEnvironment('subscription', facts);
  await mkdir(join(folder, 'environment'), { recursive: true, mode: 0o700 });
  const file = join(folder, 'environment', 'subscription.env');
  await writeFile(file, `DATABASE_URL=${DATABASE_URL ?? ''}\n`, { mode: 0o600 });
};
