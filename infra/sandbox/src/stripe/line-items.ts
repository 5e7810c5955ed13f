import { Stripe } from 'stripe';

import { type StripeCall } from './call.ts';
import { newStripeId } from './ids.ts';
import { type Params } from './params.ts';
import { invalidParam } from './stripe-error.ts';

/** `line_items[]` with `price_data`: there are no stored prices in the sandbox. */
export const readLineItems = (call: StripeCall): Stripe.LineItem[] => {
  const items = call.params.children('line_items').map((item, index) => readLineItem(call, item, index));
  const first = items[0];
  if (first === undefined) throw invalidParam('line_items', 'Missing required param: line_items.', 'parameter_missing');
  const other = items.find((item) => item.currency !== first.currency);
  if (other) throw invalidParam('line_items', 'All line items must be in one currency.', 'checkout_mixed_currencies');
  return items;
};

const readLineItem = (call: StripeCall, item: Params, index: number): Stripe.LineItem => {
  const name = `line_items[${index}]`;
  const quantity = item.integer('quantity') ?? 1;
  const data = item.child('price_data');
  if (data === null)
    throw invalidParam(`${name}[price_data]`, 'This sandbox needs price_data on every line.', 'parameter_missing');
  const product = data.child('product_data');
  if (product === null)
    throw invalidParam(
      `${name}[price_data][product_data]`,
      'Missing required param: product_data.',
      'parameter_missing',
    );
  product.ignore('images', 'metadata', 'tax_code');
  data.ignore('tax_behavior');
  const unit = data.needInteger('unit_amount');
  const currency = data.needText('currency').toLowerCase();
  const title = product.needText('name');
  const about = product.text('description');
  if (unit < 0)
    throw invalidParam(`${name}[price_data][unit_amount]`, 'Invalid non-negative integer', 'parameter_invalid_integer');
  return {
    id: newStripeId('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: unit * quantity,
    amount_tax: 0,
    amount_total: unit * quantity,
    currency,
    description: about === null ? title : `${title} — ${about}`,
    metadata: {},
    price: priceOf(call, unit, currency),
    quantity,
  };
};

const priceOf = (call: StripeCall, unit: number, currency: string): Stripe.Price => ({
  id: newStripeId('price'),
  object: 'price',
  active: false,
  billing_scheme: 'per_unit',
  created: call.nowS,
  currency,
  custom_unit_amount: null,
  livemode: false,
  lookup_key: null,
  metadata: {},
  nickname: null,
  product: newStripeId('prod', 14),
  recurring: null,
  tax_behavior: 'unspecified',
  tiers_mode: null,
  transform_quantity: null,
  type: 'one_time',
  unit_amount: unit,
  unit_amount_decimal: Stripe.Decimal.from(String(unit)),
});
