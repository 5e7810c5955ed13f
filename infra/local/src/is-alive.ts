import { readFile } from 'node:fs/promises';

import { hasCode } from './has-code.ts';

/** True while the process runs. One that has ended and waits for its parent to notice, as in containers, is not alive. */
export const isAlive = async (pid: number): Promise<boolean> => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
  const facts = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name before the state is in parentheses and may hold any character.
  return facts.slice(facts.lastIndexOf(')') + 2, facts.lastIndexOf(')') + 3) !== 'Z';
};
