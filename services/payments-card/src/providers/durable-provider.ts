import { durableStep } from '@quittance/runtime';

import { type CardProvider } from '../application/ports.ts';

/**
 * Every call that leaves the process is a step the fault tests can kill before and after. Each is named: one that is
 * added to the port does not compile until it has its step.
 */
export const withDurableSteps = (provider: CardProvider): CardProvider => ({
  name: provider.name,
  prepareOpening: provider.prepareOpening,
  prepareCharge: provider.prepareCharge,
  toProviderAmount: provider.toProviderAmount,
  openOrder: (orderId, request) => durableStep('provider.open_order', () => provider.openOrder(orderId, request)),
  findOrder: (orderId, createdAt) => durableStep('provider.read_order', () => provider.findOrder(orderId, createdAt)),
  readOrder: (reference) => durableStep('provider.read_order', () => provider.readOrder(reference)),
  closeOrder: (reference) => durableStep('provider.close_order', () => provider.closeOrder(reference)),
  sendCharge: (key, request) => durableStep('provider.charge', () => provider.sendCharge(key, request)),
  findCharge: (orderId, sent) => durableStep('provider.read_charge', () => provider.findCharge(orderId, sent)),
  readCharge: (reference) => durableStep('provider.read_charge', () => provider.readCharge(reference)),
});
