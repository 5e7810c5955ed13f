/** Loaded by every mocha run (.mocharc.json): ends what testkit started, so that mocha can end by itself. */
import { runAtEnd } from '../packages/testkit/src/at-end.ts';

export const mochaGlobalTeardown = (): Promise<void> => runAtEnd();
