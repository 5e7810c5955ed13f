import { type Id } from '@quittance/kernel';
import { type Interval, type Money } from '@quittance/money';

import { type TaxBehavior } from './plan.ts';

/** Something beside the plan: another plan of the product, or what an operator agreed on by hand. */
export type AdditionWish =
  | { readonly kind: 'plan'; readonly planId: Id<'pln'>; readonly quantity: number }
  | {
      readonly kind: 'agreed';
      readonly key: string;
      readonly name: string;
      readonly unitPrice: Money;
      readonly taxBehavior: TaxBehavior;
      readonly quantity: number;
    };

/** Null means: as it is. */
export interface ChangeWish {
  readonly planId: Id<'pln'> | null;
  readonly interval: Interval | null;
  readonly quantity: number | null;
  readonly additions: readonly AdditionWish[] | null;
  /** `convert_now`: what is left of a dearer plan becomes time on the cheaper one. Operators only. */
  readonly mode: 'standard' | 'convert_now';
  /** The plan as it is sold now, instead of the version that was bought. */
  readonly newestVersion: boolean;
  /** The addition of this plan as it is sold now, instead of the version that was bought. */
  readonly newestAddition: Id<'pln'> | null;
  /** Its code. */
  readonly coupon: string | null;
}

export const AS_IT_IS: ChangeWish = {
  planId: null,
  interval: null,
  quantity: null,
  additions: null,
  mode: 'standard',
  newestVersion: false,
  newestAddition: null,
  coupon: null,
};
