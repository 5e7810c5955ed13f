import { randomUUID } from 'node:crypto';

import { type HttpContract } from '@quittance/contracts';

import { type Expected } from './complaints.ts';
import { bodySampleOf, fieldsOf, pathOf, sampleOf } from './samples.ts';
import { type Shot } from './send.ts';

/** One thing a stranger, or a broken client with a good token, may send. */
export interface Case {
  readonly what: string;
  readonly shot: Shot;
  readonly expected: Expected;
}

export const INVALID: Expected = { statuses: [400], codes: ['platform.invalid_request'] };
export const REFUSED_CARD: Expected = { statuses: [400], codes: ['platform.card_number_refused'] };
/** A query nobody asked for. A provider’s is not looked at, but nothing is signed here. */
export const surplusOf = ({ body }: HttpContract): Expected =>
  body === 'raw' ? { statuses: [400], codes: ['payments_card.webhook_signature_invalid'] } : INVALID;

interface Parts {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly json?: unknown;
  readonly shot?: Partial<Shot>;
}

/** Requests to one contract, spoiled as a case wants. */
export interface Kit {
  readonly params: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly shot: (parts: Parts) => Shot;
}

/** Whatever a case does not spoil is as the contract wants it. */
export const kitOf = (contract: HttpContract): Kit => {
  const params = sampleOf(fieldsOf(contract.params));
  const body = typeof contract.body === 'string' ? {} : bodySampleOf(fieldsOf(contract.body));
  const hasBody = contract.body !== 'none';
  return {
    params,
    body,
    shot: ({ params: encodedParams = params, query = '', json = body, shot = {} }) => ({
      method: contract.method,
      path: `${pathOf(contract, encodedParams)}${query}`,
      ...(hasBody ? { body: JSON.stringify(json) } : {}),
      ...shot,
      headers: {
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
        ...(contract.idempotency === 'required' ? { 'idempotency-key': randomUUID() } : {}),
        ...shot.headers,
      },
    }),
  };
};
