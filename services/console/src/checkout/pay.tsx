import { Button, Stack, Text, Title } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Checkout } from '../api/answers.ts';
import { formatInstant, formatMoney } from '../i18n/format.ts';
import { useLanguage } from '../i18n/use-language.ts';

/** When it renews, and the way to the provider’s page. */
export const Pay = ({ checkout }: { readonly checkout: Checkout }) => {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <Stack gap="md">
      <div data-testid="renews-at">
        <Title order={2} size="h5">
          {checkout.renewsAt === null
            ? t('checkout.never')
            : t('checkout.renews', { date: formatInstant(checkout.renewsAt, language, 'minute') })}
        </Title>
        {checkout.renewsAt === null ? null : (
          <Text size="sm" c="dimmed">
            {t('checkout.renewsText')}
          </Text>
        )}
      </div>
      {checkout.payUrl === null || checkout.dueNow === null ? null : (
        <Button
          component="a"
          href={checkout.payUrl}
          size="lg"
          leftSection={<IconLock size={20} aria-hidden />}
          data-testid="pay-button"
        >
          {t('checkout.pay', { amount: formatMoney(checkout.dueNow.payNow, language) })}
        </Button>
      )}
      <Text size="sm" c="dimmed">
        {t('checkout.payHelp')}
      </Text>
      {checkout.payUntil === null ? null : (
        <Text size="xs" c="dimmed">
          {t('checkout.payUntil', { date: formatInstant(checkout.payUntil, language) })}
        </Text>
      )}
    </Stack>
  );
};
