import { type Route } from '@quittance/http';

import {
  type BeginCheckout,
  type ChangeSubscription,
  type CountFeatures,
  type LiveSubscription,
  type MovePlan,
  type PreviewLife,
  type ReadCheckout,
  type ReadRenewals,
  type ReadSubscriptions,
  type RequireCoupon,
  type ScheduledChanges,
  type StartTrial,
} from '../application/index.ts';
import {
  changeHandler,
  commitItemsHandler,
  listChangesHandler,
  planChangeHandler,
  planItemsHandler,
  undoChangeHandler,
} from './changes.handler.ts';
import { createCheckoutHandler, getCheckoutHandler, verifyCheckoutHandler } from './checkout.handler.ts';
import {
  previewCancelHandler,
  previewPauseHandler,
  previewResumeHandler,
  previewStatusHandler,
} from './life-previews.handler.ts';
import {
  cancelHandler,
  createSubscriptionHandler,
  pauseHandler,
  reportFeatureCountsHandler,
  resumeHandler,
  setStatusHandler,
  startTrialHandler,
} from './life.handler.ts';
import {
  getPlanMoveHandler,
  listPlanMovesHandler,
  previewPlanMoveHandler,
  startPlanMoveHandler,
} from './plan-moves.handler.ts';
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
  readonly changeSubscription: ChangeSubscription;
  readonly scheduledChanges: ScheduledChanges;
  readonly liveSubscription: LiveSubscription;
  readonly previewLife: PreviewLife;
  readonly movePlan: MovePlan;
  readonly startTrial: StartTrial;
  readonly countFeatures: CountFeatures;
}

export const routes = (cases: UseCases): readonly Route[] => [
  createCheckoutHandler(cases.beginCheckout, cases.readCheckout, cases.requireCoupon),
  getCheckoutHandler(cases.readCheckout),
  verifyCheckoutHandler(cases.readCheckout),
  listSubscriptionsHandler(cases.readSubscriptions),
  getSubscriptionHandler(cases.readSubscriptions),
  listRenewalsHandler(cases.readRenewals),
  planChangeHandler(cases.changeSubscription),
  planItemsHandler(cases.changeSubscription),
  changeHandler(cases),
  commitItemsHandler(cases),
  listChangesHandler(cases.scheduledChanges),
  undoChangeHandler(cases.scheduledChanges),
  previewPlanMoveHandler(cases.movePlan),
  startPlanMoveHandler(cases.movePlan),
  listPlanMovesHandler(cases.movePlan),
  getPlanMoveHandler(cases.movePlan),
  previewCancelHandler(cases.previewLife),
  previewPauseHandler(cases.previewLife),
  previewResumeHandler(cases.previewLife),
  previewStatusHandler(cases.previewLife),
  cancelHandler(cases.liveSubscription),
  resumeHandler(cases.liveSubscription),
  pauseHandler(cases.liveSubscription),
  setStatusHandler(cases.liveSubscription),
  startTrialHandler(cases.startTrial),
  createSubscriptionHandler(cases),
  reportFeatureCountsHandler(cases.countFeatures),
  getEntitlementsHandler(cases.readSubscriptions),
  getStatusHandler(cases.readSubscriptions),
];
