import { badInputFaults } from './bad-input-faults.ts';
import { killPointsFault } from './f01-kill-points.ts';
import { brokerKilledFault } from './f03-broker-killed.ts';
import { badLinesFault } from './f04-bad-lines.ts';
import { databaseFault } from './f05-database.ts';
import { webhooksThriceFault } from './f06-webhooks-thrice.ts';
import { eventOrdersFault } from './f07-event-orders.ts';
import { replayedWebhooksFault } from './f08-replayed-webhooks.ts';
import { providerTroubleFault } from './f09-provider-trouble.ts';
import { unconfirmedFault } from './f10-unconfirmed.ts';
import { poisonFault } from './f11-poison.ts';
import { wrongClocksFault } from './f12-wrong-clocks.ts';
import { couponAtItsCapFault } from './f15-coupon-at-its-cap.ts';
import { renewalsFault } from './f16-renewals.ts';
import { oneKeyFault } from './f23-one-key.ts';
import { type Fault } from './fault.ts';

/** Every fault there is, in the order of the matrix. */
export const FAULTS: readonly Fault[] = [
  killPointsFault,
  brokerKilledFault,
  badLinesFault,
  databaseFault,
  webhooksThriceFault,
  eventOrdersFault,
  replayedWebhooksFault,
  providerTroubleFault,
  unconfirmedFault,
  poisonFault,
  wrongClocksFault,
  couponAtItsCapFault,
  renewalsFault,
  ...badInputFaults,
  oneKeyFault,
];
