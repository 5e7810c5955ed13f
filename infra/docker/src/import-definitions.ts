import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Gives the broker the generated topology through its management API. Repeating it changes nothing. */
const DEFINITIONS = join(import.meta.dirname, '../../rabbitmq/definitions.json');

const { RABBITMQ_MANAGEMENT_URL: url, RABBITMQ_USER: user, RABBITMQ_PASSWORD: password } = process.env;
if (url === undefined || user === undefined || password === undefined) {
  throw new Error('RABBITMQ_MANAGEMENT_URL, RABBITMQ_USER and RABBITMQ_PASSWORD are required.');
}
const answer = await fetch(new URL('/api/definitions', url), {
  method: 'POST',
  headers: {
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    'content-type': 'application/json',
  },
  body: await readFile(DEFINITIONS),
  signal: AbortSignal.timeout(30_000),
});
if (!answer.ok) throw new Error(`The broker refused the definitions: ${answer.status} ${await answer.text()}`);
console.log('The broker has every exchange, queue and binding.');
