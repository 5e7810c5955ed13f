import { type BeginFlow } from './kill-flow.ts';
import { changeFlows } from './kill-flows-of-changes.ts';
import { purchaseFlows } from './kill-flows-of-purchases.ts';
import { renewalFlows } from './kill-flows-of-renewals.ts';
import { troubledFlows } from './kill-flows-of-trouble.ts';
import { type Flow } from './kill-matrix.ts';

/** Every flow that processes are killed in. */
export const BEGIN_FLOW: Record<Flow, BeginFlow> = {
  ...purchaseFlows,
  ...changeFlows,
  ...renewalFlows,
  ...troubledFlows,
};
