import { type Binding, on, onBatch } from '@quittance/bus';
import { ChargeOrder, CloseOrder, OpenOrder, RecheckOrder } from '@quittance/contracts';

import {
  type AcceptCharges,
  type AcceptOrder,
  type CloseOrder as CloseOrderUseCase,
  type RecheckOrder as RecheckOrderUseCase,
} from '../application/index.ts';
import { fromChargeOrder, fromOpenOrder } from './convert.ts';

export const bindings = (cases: {
  readonly acceptOrder: AcceptOrder;
  readonly acceptCharges: AcceptCharges;
  readonly closeOrder: CloseOrderUseCase;
  readonly recheckOrder: RecheckOrderUseCase;
}): readonly Binding[] => [
  on(OpenOrder, (message) => cases.acceptOrder(fromOpenOrder(message))),
  onBatch(ChargeOrder, (messages) => cases.acceptCharges(messages.map(fromChargeOrder))),
  on(CloseOrder, (message) => cases.closeOrder(message.data)),
  on(RecheckOrder, (message) => cases.recheckOrder(message.data)),
];
