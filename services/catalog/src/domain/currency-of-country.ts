import { type Currency } from '@quittance/money';

/** Where it is legal tender, territories with a code of their own too: Réunion pays in euros, Namibia takes rand. */
const COUNTRIES: Readonly<Partial<Record<Currency, string>>> = {
  EUR: 'AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK AD AX BL GF GP MC ME MF MQ PM RE SM TF VA XK YT',
  GBP: 'GB GG GS IM JE',
  NGN: 'NG',
  GHS: 'GH',
  KES: 'KE',
  ZAR: 'ZA LS NA SZ',
  XOF: 'BJ BF CI GW ML NE SN TG',
  CNY: 'CN',
  USD: 'US AS BQ EC FM GU IO MH MP PA PR PW SV TC TL UM VG VI ZW',
};

/** What people in this country pay with, among the currencies offered; the first of them for everybody else. */
export const currencyOfCountry = (country: string, offered: readonly [Currency, ...Currency[]]): Currency =>
  offered.find((currency) => COUNTRIES[currency]?.split(' ').includes(country)) ?? offered[0];
