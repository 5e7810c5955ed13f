import { type Route } from '@quittance/http';

import {
  type BeginCheckout,
  type ReadCheckout,
  type ReadRenewals,
  type ReadSubscriptions,
  type RequireCoupon,
} from '../application/index.ts';
import { createCheckoutHandler, getCheckoutHandler, verifyCheckoutHandler } from './checkout.handler.ts';
import { listRenewalsHandler } from './renewals.handler.ts';
import {
  getEntitlementsHandler,
  getStatusHandler,
  getSubscriptionHandler,
  listSubscriptionsHandler,
} from './subscriptions.handler.ts';

interface UseCases {
  readonly beginCheckout: BeginCheckout;
  readonly readCheckout: ReadCheckout;
  readonly requireCoupon: RequireCoupon;
  readonly readSubscriptions: ReadSubscriptions;
  readonly readRenewals: ReadRenewals;
}

export const routes = ({
  beginCheckout,
  readCheckout,
  requireCoupon,
  readSubscriptions,
  readRenewals,
}: UseCases): readonly Route[] => [
  createCheckoutHandler(beginCheckout, readCheckout, requireCoupon),
  getCheckoutHandler(readCheckout),
  verifyCheckoutHandler(readCheckout),
  listSubscriptionsHandler(readSubscriptions),
  getSubscriptionHandler(readSubscriptions),
  getEntitlementsHandler(readSubscriptions),
  getStatusHandler(readSubscriptions),
  listRenewalsHandler(readRenewals),
];
