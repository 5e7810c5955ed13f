import { ensureConsoleBuilt } from './ensure-built.ts';

const built = await ensureConsoleBuilt((line) => process.stdout.write(`${line}\n`));
if (!built) process.stdout.write('The console is up to date\n');
