import { GetAccountPricing, GetPricing, httpContracts, type ServiceName } from '@quittance/contracts';
import { type Route } from '@quittance/http';
import { type Clock, type WallClock } from '@quittance/kernel';

import { type CheckEntitlement } from '../application/index.ts';
import { accountPricingRoute } from './account-pricing.ts';
import { checkEntitlementHandler } from './check-entitlement.handler.ts';
import { compatibilityRoutes } from './compatibility.handlers.ts';
import { type ForwardDeps, forwardRoute } from './forward-route.ts';
import { getBillingHandler, type Support } from './get-billing.handler.ts';
import { type HandoffDeps, handoffRoutes } from './handoff.handlers.ts';
import { operationsHandlers, type OwnOperations } from './operations.handlers.ts';
import { previewChangeRoutes } from './preview-change.handlers.ts';
import { rememberBriefly } from './remember-briefly.ts';

export interface RoutesDeps extends ForwardDeps, HandoffDeps {
  readonly checkEntitlement: CheckEntitlement;
  readonly clock: Clock;
  readonly wallClock: WallClock;
  readonly support: Support;
  readonly own: OwnOperations;
  /** The services that are there to forward to. */
  readonly services: readonly ServiceName[];
}

/** The whole public surface: the gateway’s own routes, the hottest first, and every contract of a service behind it. */
export const routes = (deps: RoutesDeps): readonly Route[] => [
  checkEntitlementHandler(deps.checkEntitlement),
  getBillingHandler(deps),
  ...handoffRoutes(deps),
  ...operationsHandlers(deps),
  ...previewChangeRoutes(deps.callService),
  ...compatibilityRoutes(deps),
  ...httpContracts
    .filter(({ service }) => deps.services.includes(service))
    .map((contract) => {
      if (contract === GetAccountPricing) return accountPricingRoute(deps);
      const route = forwardRoute(contract, deps);
      return contract === GetPricing ? rememberBriefly(route, deps.wallClock) : route;
    }),
];
