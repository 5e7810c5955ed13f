import { killPointsFault } from './f01-kill-points.ts';
import { type Fault } from './fault.ts';

/** Every fault there is, in the order of the matrix. */
export const FAULTS: readonly Fault[] = [killPointsFault];
