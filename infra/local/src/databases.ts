/** Databases a suite has, one per service that stores something, and one role each. */
export const STORING_SERVICES = ['gateway', 'catalog', 'subscription', 'invoicing', 'payments-card', 'audit'] as const;
export type StoringService = (typeof STORING_SERVICES)[number];

/** `payments-card` → `quittance_payments_card`: the database and the role that may use it. */
export const databaseNameOf = (service: string, prefix: string): string => `${prefix}_${service.replaceAll('-', '_')}`;

export const withDatabase = (adminUrl: string, database: string): string => {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.toString();
};

export const withRole = (url: string, role: string, password: string): string => {
  const changed = new URL(url);
  changed.username = role;
  changed.password = encodeURIComponent(password);
  return changed.toString();
};
