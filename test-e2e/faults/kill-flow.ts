import { type Wish } from '@quittance/local';

import { type FaultGround } from './fault-ground.ts';
import { type Violation } from './fault.ts';
import { type Owner } from './kill-matrix.ts';
import { buy } from './purchase.ts';

/**
 * Brings about what the flow begins with, in peace, and resolves with the flow itself: what is done while processes
 * die, and a judgement of what came of it. `aim` is the service that is hurt besides, where the flow hurts one.
 */
export type BeginFlow = (ground: FaultGround, aim: Owner | null) => Promise<Act>;

export type Act = () => Promise<readonly Violation[]>;

/** Customers that others are copied from, bought once on a ground. */
const models = new WeakMap<FaultGround, Map<string, Promise<string>>>();

/** The account of somebody who has bought this, with this card. */
export const modelOf = (ground: FaultGround, wish: Wish & { readonly card?: string }): Promise<string> => {
  const known = models.get(ground) ?? new Map<string, Promise<string>>();
  models.set(ground, known);
  const key = JSON.stringify(wish);
  const model = known.get(key) ?? buy(ground, undefined, wish).then(({ account }) => account);
  known.set(key, model);
  return model;
};
