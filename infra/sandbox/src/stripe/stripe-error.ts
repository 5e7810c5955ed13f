import { type Stripe } from 'stripe';

export interface StripeErrorBody {
  readonly type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error' | 'rate_limit_error';
  readonly message: string;
  readonly code?: string;
  readonly param?: string;
  readonly decline_code?: string;
  readonly charge?: string;
  readonly payment_intent?: Stripe.PaymentIntent;
  readonly payment_method?: Stripe.PaymentMethod;
  readonly doc_url?: string;
}

/** An answer in Stripe's error shape. `keepsWork`: what was done stays done (a decline), otherwise it is rolled back. */
export class StripeFailure extends Error {
  readonly status: number;
  readonly body: StripeErrorBody;
  readonly keepsWork: boolean;

  constructor(status: number, body: StripeErrorBody, keepsWork = false) {
    super(body.message);
    this.name = 'StripeFailure';
    this.status = status;
    this.body =
      body.code === undefined ? body : { ...body, doc_url: `https://docs.stripe.com/error-codes#${body.code}` };
    this.keepsWork = keepsWork;
  }
}

export const missingObject = (noun: string, id: string, param = 'id'): StripeFailure =>
  new StripeFailure(param === 'id' ? 404 : 400, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${noun}: '${id}'`,
    param,
  });

export const invalidParam = (param: string, message: string, code = 'parameter_invalid_empty'): StripeFailure =>
  new StripeFailure(400, { type: 'invalid_request_error', code, param, message });

export const unexpectedState = (code: string, message: string): StripeFailure =>
  new StripeFailure(400, { type: 'invalid_request_error', code, message });
