import { type Currency } from '@quittance/money';

const COUNTRIES: Readonly<Partial<Record<Currency, string>>> = {
  EUR: 'AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK AD MC SM VA ME XK BG',
  GBP: 'GB IM JE GG',
  NGN: 'NG',
  GHS: 'GH',
  KES: 'KE',
  ZAR: 'ZA',
  XOF: 'BJ BF CI GW ML NE SN TG',
  CNY: 'CN',
  USD: 'US PR EC SV PA TL ZW',
};

/** What people in this country pay with, among the currencies offered; the first of them for everybody else. */
export const currencyOfCountry = (country: string, offered: readonly [Currency, ...Currency[]]): Currency =>
  offered.find((currency) => COUNTRIES[currency]?.split(' ').includes(country)) ?? offered[0];
