const STORAGE_KEY = 'quittance.currency';

/** The currency picked on an earlier visit. */
export const chosenCurrency = (): string | undefined => localStorage.getItem(STORAGE_KEY) ?? undefined;

export const rememberCurrency = (currency: string): void => localStorage.setItem(STORAGE_KEY, currency);
