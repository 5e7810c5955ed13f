import { type Access, type HttpContract } from '@quittance/contracts';
import { type Id, type Principal } from '@quittance/kernel';

import { type Answer } from './answer.ts';
import { etagMatches } from './etag.ts';
import { parseInput } from './parse-input.ts';

/** What a handler may know of the request beyond its contract. */
export interface RequestFacts {
  readonly id: string;
  /** Address of the caller; null when it is not known. */
  readonly ip: string | null;
  /** Accept-Language as sent. */
  readonly language: string | null;
  /** The id of what this request creates: the same for every retry under one Idempotency-Key, new without one. */
  reservedId<Prefix extends string>(prefix: Prefix): Id<Prefix>;
  /** A header by its lower-case name. */
  headers(name: string): string | null;
}

/** Non-null exactly where the contract asks for a permission. */
export type PrincipalFor<Asked extends Access> = Asked extends 'public' | 'signed' ? null : Principal;

export interface HandlerInput<Params, Query, Body, Asked extends Access> {
  readonly params: Params;
  readonly query: Query;
  /** Of a raw contract: the bytes as received. */
  readonly body: Body;
  readonly principal: PrincipalFor<Asked>;
  readonly request: RequestFacts;
}

/** A request as the app hands it to a route: authenticated, permitted, its body read within the limit. */
export interface Exchange {
  /** The contract's: a HEAD is worked out like the GET whose length it says. */
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  readonly params: unknown;
  readonly query: unknown;
  /** Empty when the contract has no body. */
  readonly rawBody: Buffer;
  /** The parsed JSON, or undefined. */
  readonly json: unknown;
  readonly principal: Principal | null;
  readonly request: RequestFacts;
}

/** An answer as bytes. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What a repeated idempotent request gets again; undefined for an empty answer. */
  readonly body: unknown;
  /** Sent as it is instead of `body` as JSON. */
  readonly bytes?: Buffer;
}

export interface Route {
  readonly contract: HttpContract;
  /** `contract`: parse, screen, keep idempotency. `forward`: hand the bytes on; the owning service does all that. */
  readonly mode: 'contract' | 'forward';
  readonly execute: (exchange: Exchange) => Promise<Reply>;
}

/**
 * A route from its contract and one function. Input is parsed by the contract (`platform.invalid_request` names every
 * issue) and the principal is there whenever the contract asks for a permission.
 */
export function handle<Params, Query, Body, Data, Asked extends Access>(
  contract: HttpContract<Params, Query, Body, Data, Asked>,
  run: (input: HandlerInput<Params, Query, Body, Asked>) => Promise<Answer<Data>>,
): Route;
export function handle(
  contract: HttpContract,
  run: (input: HandlerInput<unknown, unknown, unknown, Access>) => Promise<Answer<unknown>>,
): Route {
  return {
    contract,
    mode: 'contract',
    execute: async (exchange) => {
      const principal = typeof contract.access === 'string' ? null : exchange.principal;
      const answer = await run(inputOf(contract, exchange, principal));
      return toReply(exchange, answer);
    },
  };
}

/** A route whose bytes another service answers: checked for access and size here, understood there. */
export const forward = (contract: HttpContract, execute: (exchange: Exchange) => Promise<Reply>): Route => ({
  contract,
  mode: 'forward',
  execute,
});

const inputOf = (
  contract: HttpContract,
  exchange: Exchange,
  principal: Principal | null,
): HandlerInput<unknown, unknown, unknown, Access> => ({
  ...parseInput(contract, exchange),
  principal,
  request: exchange.request,
});

const toReply = (exchange: Exchange, answer: Answer<unknown>): Reply => {
  const headers = answer.etag === null ? answer.headers : { ...answer.headers, etag: `"${answer.etag}"` };
  const known = exchange.request.headers('if-none-match');
  if (answer.etag !== null && exchange.method === 'GET' && known !== null && etagMatches(known, answer.etag)) {
    return { status: 304, headers, body: undefined };
  }
  const { status, data, mediaType } = answer;
  if (mediaType === null) return { status, headers, body: data };
  const bytes = Buffer.from(String(data));
  return { status, headers: { ...headers, 'content-type': mediaType }, body: undefined, bytes };
};
