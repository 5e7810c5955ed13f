/** `node --import` this: everything that is loaded afterwards is kept as it was compiled. */
import { enableCompileCache } from 'node:module';

import { COMPILE_CACHE } from './compile-cache.ts';

// Where nothing can be written everything is compiled, as ever.
enableCompileCache(COMPILE_CACHE);
