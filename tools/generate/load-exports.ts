import { globSync } from 'node:fs';
import { resolve } from 'node:path';

import { z } from 'zod';

/** Every export whose name ends in `suffix`, of every file that matches, in the order of the paths. */
export const loadExports = async (
  patterns: readonly string[],
  suffix: string,
): Promise<readonly { readonly file: string; readonly name: string; readonly value: unknown }[]> => {
  const files = globSync([...patterns]).toSorted();
  const modules = await Promise.all(
    files.map(async (file) => {
      const loaded: unknown = await import(resolve(file));
      return { file, exports: z.record(z.string(), z.unknown()).parse({ ...Exports.parse(loaded) }) };
    }),
  );
  return modules.flatMap(({ file, exports }) =>
    Object.entries(exports)
      .filter(([name]) => name.endsWith(suffix))
      .map(([name, value]) => ({ file, name, value })),
  );
};

const Exports = z.custom<object>((value) => typeof value === 'object' && value !== null);
