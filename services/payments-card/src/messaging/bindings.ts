import { type Binding, on, onBatch } from '@quittance/bus';
import { ChargeOrder, CloseOrder, KeepMethod, OpenOrder, RecheckOrder } from '@quittance/contracts';

import {
  type AcceptCharges,
  type AcceptOrder,
  type CloseOrder as CloseOrderUseCase,
  type KeepMethod as KeepMethodUseCase,
  type RecheckOrder as RecheckOrderUseCase,
} from '../application/index.ts';
import { fromChargeOrder, fromOpenOrder } from './convert.ts';

export const bindings = (cases: {
  readonly acceptOrder: AcceptOrder;
  readonly acceptCharges: AcceptCharges;
  readonly closeOrder: CloseOrderUseCase;
  readonly recheckOrder: RecheckOrderUseCase;
  readonly keepMethod: KeepMethodUseCase;
}): readonly Binding[] => [
  on(OpenOrder, (message) => cases.acceptOrder(fromOpenOrder(message))),
  onBatch(ChargeOrder, (messages) => cases.acceptCharges(messages.map(fromChargeOrder))),
  on(CloseOrder, (message) => cases.closeOrder(message.data)),
  on(RecheckOrder, (message) => cases.recheckOrder(message.data)),
  on(KeepMethod, ({ data }) => cases.keepMethod(data)),
];
