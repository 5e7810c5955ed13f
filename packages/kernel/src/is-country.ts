const NAMES = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** They have names, and are no countries anybody is taxed in: unions, the unknown, the made up, and parts that are reserved. */
const NO_COUNTRIES = ['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ', 'AC', 'CP', 'CQ', 'DG', 'EA', 'IC', 'TA'];

/**
 * Today's codes of ISO 3166-1 alpha-2 in capitals, and XK as the field writes Kosovo: `UK` and `EL` are none, and who
 * took them for countries would tax them as nowhere.
 */
export const isCountry = (code: string): boolean =>
  /^[A-Z]{2}$/.test(code) &&
  !NO_COUNTRIES.includes(code) &&
  NAMES.of(code) !== undefined &&
  new Intl.Locale(`und-${code}`).region === code;
