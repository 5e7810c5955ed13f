/**
 * A builder with fixed neutral defaults: `const anInvoice = builder(() => ({ … }))`, then `anInvoice({ currency: 'EUR' })`.
 * `defaults` runs for every build, so nothing is shared between two of them; let it go through the real constructor.
 */
export const builder =
  <T extends object>(defaults: () => T) =>
  (overrides: Partial<T> = {}): T => ({ ...defaults(), ...overrides });
