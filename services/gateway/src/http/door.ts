import { type RateClass } from '@quittance/contracts';
import { type AppHooks, type Asked, type Denial as HttpDenial } from '@quittance/http';
import { actorOf, type Clock } from '@quittance/kernel';

import { type DenialLog, type LimitRate } from '../application/index.ts';
import { networkPrefix } from '../domain/network-prefix.ts';
import { makeClientIp } from './client-ip.ts';

export interface DoorDeps {
  readonly limitRate: LimitRate<RateClass>;
  readonly trustedProxyHops: number;
  readonly onDenied: (denial: HttpDenial) => void;
  readonly pages: NonNullable<AppHooks['pages']>;
}

/** What the gateway does beyond what every service does: it counts callers and tells of those it turned away. */
export const doorHooks = (deps: DoorDeps): AppHooks => ({
  clientIp: makeClientIp(deps.trustedProxyHops),
  trustsRequestIds: false,
  onDenied: deps.onDenied,
  pages: deps.pages,
  guard: (asked) => deps.limitRate(asked.contract.rate, callerOf(asked)),
});

/** Somebody known by name, anybody else by address; of IPv6 by network, since whoever has one address has them all. */
const callerOf = ({ principal, ip }: Asked): string => {
  if (principal !== null) return `${principal.kind}:${principal.subject}`;
  return ip?.includes(':') === true ? networkPrefix(ip) : (ip ?? 'unknown');
};

export const makeOnDenied =
  (deps: { readonly denials: DenialLog; readonly clock: Clock; readonly wake: () => void }) =>
  (denial: HttpDenial): void => {
    const { contract, principal } = denial;
    deps.denials.add({
      actor: principal === null ? null : actorOf(principal),
      accountId: principal?.accountId ?? null,
      route: { name: contract.name, method: contract.method, path: contract.path },
      code: denial.code,
      reason: denial.reason,
      requestId: denial.requestId,
      ip: denial.ip,
      at: deps.clock.now(),
    });
    if (principal !== null) deps.wake();
  };
