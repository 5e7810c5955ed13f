import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';

import { CallbackPage } from '../auth/callback-page.tsx';
import { PricingPage } from '../pricing/pricing-page.tsx';
import { NotFoundPage } from '../ui/not-found-page.tsx';
import { Shell } from '../ui/shell.tsx';
import { accountSearch, checkoutSearch, pricingSearch, sessionSearch } from './search.ts';

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });
const getParentRoute = () => rootRoute;

const pricing = createRoute({ getParentRoute, path: '/', component: PricingPage, validateSearch: pricingSearch });
const callback = createRoute({ getParentRoute, path: '/auth/callback', component: CallbackPage });

// The rest of the pages come when they are asked for: most visitors only look at prices.
const checkoutReturn = createRoute({
  getParentRoute,
  path: '/checkout/return',
  validateSearch: sessionSearch,
  component: lazyRouteComponent(() => import('../checkout/return-page.tsx'), 'ReturnPage'),
});
const checkoutCancelled = createRoute({
  getParentRoute,
  path: '/checkout/cancelled',
  validateSearch: sessionSearch,
  component: lazyRouteComponent(() => import('../checkout/cancelled-page.tsx'), 'CancelledPage'),
});
const checkout = createRoute({
  getParentRoute,
  path: '/checkout/$planId',
  validateSearch: checkoutSearch,
  component: lazyRouteComponent(() => import('../checkout/checkout-page.tsx'), 'CheckoutPage'),
});
const handoff = createRoute({
  getParentRoute,
  path: '/handoff',
  component: lazyRouteComponent(() => import('../handoff/handoff-page.tsx'), 'HandoffPage'),
});
const billing = createRoute({
  getParentRoute,
  path: '/billing',
  validateSearch: accountSearch,
  component: lazyRouteComponent(() => import('../billing/billing-page.tsx'), 'BillingPage'),
});
const payments = createRoute({
  getParentRoute,
  path: '/payments',
  component: lazyRouteComponent(() => import('../operations/payments-page.tsx'), 'PaymentsPage'),
});
const payment = createRoute({
  getParentRoute,
  path: '/payments/$id',
  component: lazyRouteComponent(() => import('../operations/payment-page.tsx'), 'PaymentPage'),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    pricing,
    callback,
    checkoutReturn,
    checkoutCancelled,
    checkout,
    handoff,
    billing,
    payments,
    payment,
  ]),
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
