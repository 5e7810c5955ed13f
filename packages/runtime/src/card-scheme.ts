/** Fewest and most digits of a card number, by ISO/IEC 7812. */
export const DIGITS_MIN = 13;
export const DIGITS_MAX = 19;

/** Whether a row of western digits is the number of a card: begun as a scheme begins them, at a length it has. */
export const isCardNumber = (digits: string): boolean =>
  digits.length >= DIGITS_MIN && digits.length <= DIGITS_MAX && isOfSomeScheme(digits) && luhnHolds(digits);

/**
 * By the leading digits that ISO/IEC 7812 gives: else one in ten numbers of any kind would be a card’s. 13 digits are an
 * old Visa’s only (else milliseconds since 1970), 14 a Diners Club’s (else a French SIRET, which passes the check by
 * design), 15 an American Express’s, a UATP’s, an old JCB’s or a Maestro’s (else an IMEI, which passes by design too).
 */
const isOfSomeScheme = (digits: string): boolean => {
  if (digits.length === 13) return digits.startsWith('4');
  if (digits.length === 14) return /^3(?:0[0-5]|095|[689])/.test(digits);
  if (digits.length === 15) return /^(?:1|2131|3[47]|5[06-8]|6)/.test(digits);
  return LONG.test(digits);
};

/**
 * Mir and Mastercard (2), Diners Club, JCB and Hipercard (3), Visa (4), Mastercard and Maestro (5 and 6), Discover,
 * UnionPay and RuPay (6 and 8), Troy, Uzcard and Humo. No year of ours and no time since 1970 begins like one.
 */
const LONG = /^(?:220[0-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720|30[0-5]|3095|35|3[689]|4|5|6|8[126]|9792|9860)/;

const luhnHolds = (digits: string): boolean => {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = digit * 2;
    sum += index % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
};
