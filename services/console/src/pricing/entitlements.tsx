import { Text, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconMinus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { PlanEntitlement } from '../api/answers.ts';
import { formatNumber } from '../i18n/format.ts';
import { useLanguage } from '../i18n/use-language.ts';

const ICON_PX = 18;

export const Entitlements = ({ of }: { readonly of: readonly PlanEntitlement[] }) => {
  const { t } = useTranslation();
  if (of.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={600} mb={6}>
        {t('pricing.included')}
      </Text>
      <ul className="entitlements">
        {of.map((entitlement) => (
          <Entitlement key={entitlement.feature} entitlement={entitlement} />
        ))}
      </ul>
    </div>
  );
};

const Entitlement = ({ entitlement }: { readonly entitlement: PlanEntitlement }) => {
  const { t } = useTranslation();
  const value = useValue(entitlement);
  if (entitlement.kind === 'switch' && !entitlement.enabled) {
    return (
      <li className="absent">
        <IconMinus size={ICON_PX} aria-hidden />
        <span>
          <VisuallyHidden>{t('pricing.notIncluded')} </VisuallyHidden>
          {entitlement.label}
        </span>
      </li>
    );
  }
  return (
    <li>
      <IconCheck size={ICON_PX} aria-hidden />
      <span>
        {entitlement.label}
        {value === null ? null : (
          <>
            {': '}
            <strong>
              <bdi>{value}</bdi>
            </strong>
          </>
        )}
      </span>
    </li>
  );
};

const useValue = (entitlement: PlanEntitlement): string | null => {
  const { t } = useTranslation();
  const language = useLanguage();
  if (entitlement.kind === 'limit') return formatNumber(entitlement.limit, language);
  if (entitlement.kind === 'level') return entitlement.levelLabel;
  return entitlement.kind === 'unlimited' ? t('pricing.unlimited') : null;
};
