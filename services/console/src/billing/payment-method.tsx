import { useTranslation } from 'react-i18next';

import type { Payment } from '../api/answers.ts';

/** The card or wallet as a person recognises it. */
export const PaymentMethod = ({ payment: { method, rail } }: { readonly payment: Payment }) => {
  const { t } = useTranslation();
  const brand = method?.brand ?? method?.kind ?? (rail === 'card' ? t('receipt.card') : rail);
  const name = `${brand.charAt(0).toUpperCase()}${brand.slice(1)}`;
  // No <bdi>: it would take its direction from the brand, which is Latin in every language.
  return <span>{method?.last4 ? t('receipt.ending', { brand: name, last4: method.last4 }) : name}</span>;
};
