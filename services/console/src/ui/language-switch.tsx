import { NativeSelect } from '@mantine/core';
import { IconLanguage } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useApp } from '../boot/app-context.ts';
import { isLanguage, LANGUAGE_NAMES } from '../i18n/languages.ts';
import { switchLanguage } from '../i18n/setup.ts';
import { useLanguage } from '../i18n/use-language.ts';

export const LanguageSwitch = () => {
  const { config } = useApp();
  const { t } = useTranslation();
  return (
    <NativeSelect
      aria-label={t('common.language')}
      data-testid="language-switch"
      leftSection={<IconLanguage size={18} aria-hidden />}
      value={useLanguage()}
      onChange={({ currentTarget: { value } }) => {
        if (isLanguage(value)) void switchLanguage(value);
      }}
      data={config.languages.map((language) => ({ value: language, label: LANGUAGE_NAMES[language] }))}
    />
  );
};
