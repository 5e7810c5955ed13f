import { checkVAT, countries } from 'jsvat-next';

import { type CheckVatId } from '../application/ports.ts';

/** By shape and check digits only; whether the id is in use is not asked of anybody. Greece's EL is GR in the answer. */
export const checkVatIdByDigits: CheckVatId = (vatId) => {
  const { isValid, value, country } = checkVAT(vatId, countries);
  return { vatId: value ?? vatId, country: country?.isoCode.short ?? null, valid: isValid };
};
