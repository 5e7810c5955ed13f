const NAMES = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** They have names, and are no countries anybody is taxed in: unions, the unknown, and the made up. */
const NO_COUNTRIES = ['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ'];

/** Today's codes of ISO 3166-1 only: `UK` and `EL` would be taxed as nowhere. */
export const isCountry = (code: string): boolean =>
  /^[A-Z]{2}$/.test(code) &&
  !NO_COUNTRIES.includes(code) &&
  NAMES.of(code) !== undefined &&
  new Intl.Locale(`und-${code}`).region === code;
