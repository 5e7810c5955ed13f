import { type IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

import { type Id, isId, type NewId } from '@quittance/kernel';

import { type AppHooks } from './app-options.ts';
import { type RequestFacts } from './handle.ts';

/** What is known of a request before anything of it is believed. */
export const factsOf = (request: IncomingMessage, hooks: AppHooks, newId: NewId): RequestFacts => {
  const header = (name: string): string | null => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    id: requestId(header('x-request-id'), hooks, newId),
    ip: hooks.clientIp === undefined ? forwardedIp(request, header('x-quittance-client-ip')) : hooks.clientIp(request),
    language: header('accept-language'),
    reservedId: newId,
    headers: header,
  };
};

/** The same facts, with ids made from the ULID that the idempotency key reserved. */
export const withReservedUlid = (facts: RequestFacts, ulid: string): RequestFacts => ({
  ...facts,
  reservedId: <Prefix extends string>(prefix: Prefix): Id<Prefix> => `${prefix}_${ulid}`,
});

const requestId = (given: string | null, hooks: AppHooks, newId: NewId): string =>
  hooks.trustsRequestIds !== false && isId('req', given) ? given : newId('req');

const forwardedIp = (request: IncomingMessage, forwarded: string | null): string | null =>
  forwarded !== null && isIP(forwarded) !== 0 ? forwarded : (request.socket.remoteAddress ?? null);
