import { type HttpContract } from '@quittance/contracts';
import {
  type Denial as HttpDenial,
  type Exchange,
  forward,
  type Reply,
  type Route,
  TRESPASS_HEADER,
} from '@quittance/http';
import { platformFail } from '@quittance/kernel';

import { type CallService, type ServiceAnswer } from '../application/index.ts';

/** What of a request reaches a service. Everything else, above all identity and internal headers, ends here. */
const REQUEST_HEADERS = [
  'accept',
  'accept-language',
  // Not understood anywhere, so that the service refuses it: left out, the bytes would pass for plain ones.
  'content-encoding',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'stripe-signature',
  'x-paystack-signature',
] as const;

/** What of an answer reaches the caller: hop-by-hop headers and the service’s own security headers do not. */
const ANSWER_HEADERS = [
  'allow',
  'cache-control',
  'content-disposition',
  'content-language',
  'content-type',
  'etag',
  'idempotency-replayed',
  'link',
  'location',
  'retry-after',
  'vary',
] as const;

export interface ForwardDeps {
  readonly callService: CallService;
  /** A service may refuse what the door allowed. */
  readonly onDenied: (denial: HttpDenial) => void;
}

/** A route of another service: checked for identity, permission, rate and size at the door, understood there. */
export const forwardRoute = (contract: HttpContract, deps: ForwardDeps): Route =>
  forwardTo({ service: contract.service, path: (exchange) => exchange.url }, contract, deps);

/** A former name of another route, with the same parameters in its path: its answer, byte for byte. */
export const forwardFormerRoute = (contract: HttpContract, present: HttpContract, deps: ForwardDeps): Route =>
  forwardTo(
    { service: present.service, path: ({ url }) => `${presentPath(contract, present, url)}${queryOf(url)}` },
    contract,
    deps,
  );

/** What stands in the former path for each parameter, in the present one; it stays encoded as it came. */
const presentPath = (former: HttpContract, present: HttpContract, url: string): string => {
  const parts = url.replace(/\?.*$/s, '').split('/');
  const values = new Map(former.path.split('/').map((name, index) => [name, parts[index] ?? '']));
  return present.path
    .split('/')
    .map((name) => (name.startsWith(':') ? (values.get(name) ?? name) : name))
    .join('/');
};

const queryOf = (url: string): string => /\?.*$/s.exec(url)?.[0] ?? '';

interface Destination {
  readonly service: string;
  /** Path and query there. */
  readonly path: (exchange: Exchange) => string | Promise<string>;
}

/** The same at another address. */
export const forwardTo = ({ service, path }: Destination, contract: HttpContract, deps: ForwardDeps): Route =>
  forward(contract, async (exchange) => {
    // A request line may hold a whole URL; only paths are ours to forward.
    if (!exchange.url.startsWith('/')) throw platformFail('platform.not_found', 'No route answers this path.');
    const answer = await deps.callService({
      service,
      method: exchange.method,
      path: await path(exchange),
      headers: headersFor(exchange),
      body: contract.body === 'none' ? null : exchange.rawBody,
      principal: exchange.principal,
    });
    const trespass = answer.headers[TRESPASS_HEADER] !== undefined;
    if (answer.status === 403 || trespass) deps.onDenied(toDenial(contract, exchange, trespass));
    return toReply(answer, service);
  });

const headersFor = ({ request }: Exchange): Record<string, string> => ({
  ...Object.fromEntries(
    REQUEST_HEADERS.flatMap((name) => {
      const value = request.headers(name);
      return value === null ? [] : [[name, value]];
    }),
  ),
  'x-request-id': request.id,
  ...(request.ip === null ? {} : { 'x-quittance-client-ip': request.ip }),
});

const toReply = (answer: ServiceAnswer, service: string): Reply => {
  // The caller’s token was good: a service that refuses ours is our trouble, not the caller’s.
  if (answer.status === 401) throw platformFail('platform.unavailable', `${service} does not know the gateway.`);
  const headers = ANSWER_HEADERS.flatMap((name) => {
    const value = answer.headers[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { status: answer.status, headers: Object.fromEntries(headers), body: undefined, bytes: answer.body };
};

const toDenial = (contract: HttpContract, { principal, request }: Exchange, trespass: boolean): HttpDenial => ({
  contract,
  principal,
  ip: request.ip,
  code: trespass ? 'platform.not_found' : 'platform.forbidden',
  reason: trespass
    ? `${contract.name} named what belongs to another account.`
    : `${contract.service} refused ${contract.name}.`,
  requestId: request.id,
});
