import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { envDocument } from './env-document.ts';
import { errorsDocument } from './errors-document.ts';
import { eventsDocument } from './events-document.ts';
import { openApiDocument } from './openapi-document.ts';
import { rabbitDocument } from './rabbit-document.ts';
import { redoclyLint } from './redocly-lint.ts';
import { subscriptionStatesDocument } from './subscription-states-document.ts';

const DOCUMENTS: Readonly<Record<string, () => Promise<string>>> = {
  'docs/openapi.json': () => Promise.resolve(openApiDocument()),
  'docs/events.md': () => Promise.resolve(eventsDocument()),
  'docs/errors.md': errorsDocument,
  'docs/env.md': envDocument,
  'docs/subscription-states.md': subscriptionStatesDocument,
  'infra/rabbitmq/definitions.json': () => Promise.resolve(rabbitDocument()),
};

/** Writes what is generated from code; answers the paths that were not up to date. `check` leaves them as they are. */
export const generateDocuments = async ({ check }: { readonly check: boolean }): Promise<readonly string[]> => {
  const changed: string[] = [];
  for (const [path, make] of Object.entries(DOCUMENTS)) {
    const text = await make();
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
    changed.push(path);
    if (check) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    process.stdout.write(`generated ${path}\n`);
  }
  await redoclyLint('docs/openapi.json');
  return check ? changed : [];
};
