import { type Stripe } from 'stripe';

import { type StripeCall } from './call.ts';
import { emitEvent } from './emit-event.ts';
import { newStripeId } from './ids.ts';
import { insertObject, listObjects, lockObject, readObject, removeObject, updateObject } from './objects.ts';
import { type Params } from './params.ts';
import { missingObject } from './stripe-error.ts';

export const createCustomer = async (call: StripeCall): Promise<Stripe.Customer> => {
  const { params } = call;
  params.ignore('tax_exempt', 'preferred_locales', 'payment_method');
  return addCustomer(call, {
    email: params.text('email'),
    name: params.text('name'),
    phone: params.text('phone'),
    description: params.text('description'),
    metadata: params.map('metadata') ?? {},
    address: readAddress(params.child('address')),
  });
};

export interface NewCustomer {
  readonly email: string | null;
  readonly name: string | null;
  readonly phone: string | null;
  readonly description: string | null;
  readonly metadata: Record<string, string>;
  readonly address: Stripe.Address | null;
}

export const addCustomer = async (call: StripeCall, given: NewCustomer): Promise<Stripe.Customer> => {
  const id = newStripeId('cus', 14);
  const customer: Stripe.Customer = {
    id,
    object: 'customer',
    ...given,
    balance: 0,
    created: call.nowS,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    discount: null,
    invoice_prefix: id.slice(-8).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    next_invoice_sequence: 1,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  };
  await insertObject(call.tx, customer, null);
  await emitEvent(call, 'customer.created', customer);
  return customer;
};

export const retrieveCustomer = async (call: StripeCall): Promise<Stripe.Customer> => {
  const id = call.path['id'] ?? '';
  return (await readObject(call.tx, 'customer', id)) ?? refuse(id);
};

export const updateCustomer = async (call: StripeCall): Promise<Stripe.Customer> => {
  const { params } = call;
  const id = call.path['id'] ?? '';
  const customer = (await lockObject(call.tx, 'customer', id)) ?? refuse(id);
  const settings = params.child('invoice_settings');
  const updated: Stripe.Customer = {
    ...customer,
    email: params.text('email') ?? customer.email,
    name: params.text('name') ?? customer.name ?? null,
    phone: params.text('phone') ?? customer.phone ?? null,
    description: params.text('description') ?? customer.description,
    metadata: mergeMetadata(customer.metadata, params.map('metadata')),
    address: readAddress(params.child('address')) ?? customer.address ?? null,
    invoice_settings: {
      ...customer.invoice_settings,
      default_payment_method:
        settings?.text('default_payment_method') ?? customer.invoice_settings.default_payment_method,
    },
  };
  await updateObject(call.tx, updated);
  return updated;
};

export const deleteCustomer = async (call: StripeCall): Promise<Stripe.DeletedCustomer> => {
  const id = call.path['id'] ?? '';
  const customer = (await lockObject(call.tx, 'customer', id)) ?? refuse(id);
  await removeObject(call.tx, customer.id);
  return { id: customer.id, object: 'customer', deleted: true };
};

export const listCustomers = (call: StripeCall): Promise<Stripe.ApiList<Stripe.Customer>> =>
  listObjects(call.tx, 'customer', { params: call.params, url: '/v1/customers', fields: ['email'] });

/** A key set to the empty string is removed, as Stripe does. */
export const mergeMetadata = (
  current: Stripe.Metadata | null,
  change: Record<string, string> | null,
): Record<string, string> => {
  const merged = { ...current, ...change };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
};

export const readAddress = (params: Params | null): Stripe.Address | null =>
  params === null
    ? null
    : {
        city: params.text('city'),
        country: params.text('country'),
        line1: params.text('line1'),
        line2: params.text('line2'),
        postal_code: params.text('postal_code'),
        state: params.text('state'),
      };

const refuse = (id: string): never => {
  throw missingObject('customer', id);
};
