import { useTranslation } from 'react-i18next';

import type { Interval } from '../api/answers.ts';
import { formatSpan } from './format.ts';
import { useLanguage } from './use-language.ts';

/** How often it is charged, in words: per month, per year, per 90 days. */
export const useIntervalText = (): ((interval: Interval) => string) => {
  const { t } = useTranslation();
  const language = useLanguage();
  return (interval) => {
    if (interval === 'month') return t('money.month');
    if (interval === 'year') return t('money.year');
    return t('money.every', { span: formatSpan(interval, language) ?? interval });
  };
};
