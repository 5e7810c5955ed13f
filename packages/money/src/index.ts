export { allocate } from './allocate.ts';
export {
  type Currency,
  exponentOf,
  isCurrency,
  isSupportedCurrency,
  SUPPORTED_CURRENCIES,
  type SupportedCurrency,
} from './currency.ts';
export { divideRounded } from './divide-rounded.ts';
export { formatMoney, parseMoney, toDecimal } from './format-money.ts';
export { cycleOf, type Interval, intervalOf, isInterval } from './interval.ts';
export {
  add,
  amountAsNumber,
  compare,
  equals,
  isZero,
  type Money,
  money,
  multiplyRatio,
  negate,
  subtract,
  sum,
} from './money.ts';
export { type Cycle, type Period, periodContaining, type PeriodRules, periodsFrom, wholeCycles } from './periods.ts';
export { type Fraction, fractionLeft, prorate, type ProrationFacts } from './prorate.ts';
export { taxExclusive, taxInclusive, type TaxedAmount } from './tax.ts';
