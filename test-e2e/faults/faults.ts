import { killPointsFault } from './f01-kill-points.ts';
import { brokerKilledFault } from './f03-broker-killed.ts';
import { type Fault } from './fault.ts';

/** Every fault there is, in the order of the matrix. */
export const FAULTS: readonly Fault[] = [killPointsFault, brokerKilledFault];
