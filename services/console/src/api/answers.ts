// `import type` on the whole statement: the contracts are types here, no byte of them reaches the browser.
import type {
  ApiAuditRecord,
  ApiBalanceDue,
  ApiCheckoutSession,
  ApiInvoice,
  ApiPayment,
  ApiSubscription,
  CreateCheckoutSession,
  GetBilling,
  GetPricing,
  HttpContract,
  ListAttention,
  ListAuditRecords,
  ListDeadLetters,
  ListPayments,
  UseHandoff,
  VerifyAuditChain,
} from '@quittance/contracts';
import type { z } from 'zod';

type AnswerOf<Contract> = Contract extends HttpContract<infer _P, infer _Q, infer _B, infer Answer> ? Answer : never;
type BodyOf<Contract> = Contract extends HttpContract<infer _P, infer _Q, infer Body> ? Body : never;

export type Pricing = AnswerOf<typeof GetPricing>;
export type Product = Pricing['products'][number];
export type Plan = Product['plans'][number];
export type PlanPrice = Plan['prices'][number];
export type PlanEntitlement = Plan['entitlements'][number];
export type Interval = PlanPrice['interval'];

export type Checkout = z.infer<typeof ApiCheckoutSession>;
export type DueNow = NonNullable<Checkout['dueNow']>;
export type NewCheckout = Pick<
  BodyOf<typeof CreateCheckoutSession>,
  'interval' | 'currency' | 'country' | 'language' | 'quantity' | 'successUrl' | 'cancelUrl'
> & { readonly planId: string };

export type HandoffSession = AnswerOf<typeof UseHandoff>;

export type Billing = AnswerOf<typeof GetBilling>;
export type Subscription = z.infer<typeof ApiSubscription>;
export type Invoice = z.infer<typeof ApiInvoice>;
export type InvoiceLine = Invoice['lines'][number];
export type Balance = z.infer<typeof ApiBalanceDue>;
export type Payment = z.infer<typeof ApiPayment>;
export type PaymentPage = AnswerOf<typeof ListPayments>;

export type AuditRecord = z.infer<typeof ApiAuditRecord>;
export type AuditPage = AnswerOf<typeof ListAuditRecords>;
export type ChainProof = AnswerOf<typeof VerifyAuditChain>;
export type AttentionList = AnswerOf<typeof ListAttention>;
export type DeadLetterList = AnswerOf<typeof ListDeadLetters>;
