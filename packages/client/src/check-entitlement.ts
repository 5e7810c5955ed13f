import { type CallOptions } from './call.ts';
import type { CheckEntitlementAnswer, CheckEntitlementInput } from './generated/shapes.ts';
import { QuittanceError } from './quittance-error.ts';

/** Yes: within `limit` and `level`, until `accessUntil`. */
export interface EntitlementAllowed extends CheckEntitlementAnswer {
  readonly outcome: 'allowed';
  readonly allowed: true;
}

/** No, and why. */
export interface EntitlementDenied extends CheckEntitlementAnswer {
  readonly outcome: 'denied';
  readonly allowed: false;
}

/** Nobody could say. Treat it as no, keep what is already open, and ask again. */
export interface EntitlementUnknown {
  readonly outcome: 'unknown';
  readonly allowed: false;
  readonly reason: 'unknown';
  /** Up to when the platform knew; null where it did not answer at all. */
  readonly asOf: string | null;
  readonly error: QuittanceError;
}

export type EntitlementOutcome = EntitlementAllowed | EntitlementDenied | EntitlementUnknown;

/**
 * Fails closed: a platform that is away, slow, overloaded or does not know is an answer, `unknown` with
 * `allowed: false`. Only what is wrong with the question itself throws (400, 401, 403): a deployment must notice it.
 */
export const failClosed =
  (ask: (input: CheckEntitlementInput, options?: CallOptions) => Promise<CheckEntitlementAnswer>) =>
  async (input: CheckEntitlementInput, options?: CallOptions): Promise<EntitlementOutcome> => {
    try {
      const answer = await ask(input, options);
      // Whatever the types say of it: anything on the wire but a clear yes is a no.
      const yes: unknown = answer.allowed;
      return yes === true
        ? { ...answer, outcome: 'allowed', allowed: true }
        : { ...answer, outcome: 'denied', allowed: false };
    } catch (error) {
      if (!(error instanceof QuittanceError) || !error.mayPass) throw error;
      const { asOf } = error.details;
      return {
        outcome: 'unknown',
        allowed: false,
        reason: 'unknown',
        asOf: typeof asOf === 'string' ? asOf : null,
        error,
      };
    }
  };
