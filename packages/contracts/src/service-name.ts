/** Every service of the suite. Also the CloudEvents `source`, the queue's name and the database's name. */
export const SERVICE_NAMES = [
  'gateway',
  'catalog',
  'subscription',
  'usage',
  'invoicing',
  'payments-card',
  'payments-crypto',
  'dunning',
  'notifications',
  'analytics',
  'audit',
] as const;

export type ServiceName = (typeof SERVICE_NAMES)[number];
