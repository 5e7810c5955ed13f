import { type Binding, on } from '@quittance/bus';
import { ChargeOrder, CloseOrder, OpenOrder, RecheckOrder } from '@quittance/contracts';

import {
  type AcceptCharge,
  type AcceptOrder,
  type CloseOrder as CloseOrderUseCase,
  type RecheckOrder as RecheckOrderUseCase,
} from '../application/index.ts';
import { fromChargeOrder, fromOpenOrder } from './convert.ts';

export const bindings = (cases: {
  readonly acceptOrder: AcceptOrder;
  readonly acceptCharge: AcceptCharge;
  readonly closeOrder: CloseOrderUseCase;
  readonly recheckOrder: RecheckOrderUseCase;
}): readonly Binding[] => [
  on(OpenOrder, (message) => cases.acceptOrder(fromOpenOrder(message))),
  on(ChargeOrder, (message) => cases.acceptCharge(fromChargeOrder(message))),
  on(CloseOrder, (message) => cases.closeOrder(message.data)),
  on(RecheckOrder, (message) => cases.recheckOrder(message.data)),
];
