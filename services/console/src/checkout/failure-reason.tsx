import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Checkout } from '../api/answers.ts';

/** Why a checkout failed, in the reader's language, with the code that support can look up. */
export const FailureReason = ({ failure }: { readonly failure: Checkout['failure'] }) => {
  const { t } = useTranslation();
  if (failure === null) return null;
  return (
    <div data-testid="checkout-failure" data-code={failure.code}>
      <Text size="sm">{t(`outcome.${reasonOf(failure.code)}`)}</Text>
      <Text size="xs" c="dimmed">
        {t('problem.code')}: <bdi dir="ltr">{failure.code}</bdi>
      </Text>
    </div>
  );
};

/** Codes are many, and what a customer can do about them is little. */
const reasonOf = (code: string) => {
  if (code.startsWith('subscription.coupon_')) return 'failedCoupon';
  return code === 'payments_card.amount_out_of_range' ? 'failedAmount' : 'failedProvider';
};
