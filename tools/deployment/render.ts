import { execFileSync } from 'node:child_process';

/** What `kubectl apply -k` would send, or null where there is no kubectl with a Kustomize of today (5 and later). */
export const renderOverlay = (folder: string): string | null => {
  const version = run(['version', '--client']);
  if (version === null || !/Kustomize Version: v([5-9]|\d\d)\./.test(version)) return null;
  const rendered = run(['kustomize', folder]);
  if (rendered === null) throw new Error(`kubectl kustomize ${folder} failed`);
  return rendered;
};

const run = (args: readonly string[]): string | null => {
  try {
    return execFileSync('kubectl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return null;
  }
};
