import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { Page } from './page.tsx';
import { RouterButton } from './router-link.tsx';

export const NotFoundPage = () => {
  const { t } = useTranslation();
  return (
    <Page title={t('common.notFoundTitle')} lead={t('common.notFoundText')}>
      <Text component="div">
        <RouterButton to="/">{t('common.backToPricing')}</RouterButton>
      </Text>
    </Page>
  );
};
