import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Interval, Plan, PlanPrice } from '../api/answers.ts';
import { formatMoney } from '../i18n/format.ts';
import { useIntervalText } from '../i18n/use-interval-text.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Amount } from '../ui/amount.tsx';
import { perMonthOf, savingOf } from './saving.ts';

interface PriceTagProps {
  readonly plan: Plan;
  readonly price: PlanPrice | undefined;
  readonly wanted: Interval;
  readonly currency: string;
}

/** Longer amounts (a year in XOF) are set smaller, to stay inside a narrow card. */
const SHORT_CHARACTERS = 9;

/** What it costs, how often, with or without tax, and what a year really saves. */
export const PriceTag = ({ plan, price, wanted, currency }: PriceTagProps) => {
  const { t } = useTranslation();
  const language = useLanguage();
  const intervalText = useIntervalText();
  if (price === undefined) {
    const talk = plan.action === 'contact_sales';
    return (
      <div className="plan-price">
        <div className="price">{talk ? t('pricing.custom') : '—'}</div>
        <Text size="sm" c="dimmed">
          {talk ? t('pricing.customText') : t('pricing.noPrice', { currency })}
        </Text>
      </div>
    );
  }
  if (price.amount.amount === 0) {
    return (
      <div className="plan-price">
        <div className="price">{t('money.free')}</div>
      </div>
    );
  }
  return (
    <div className="plan-price">
      <div>
        <span
          className="price"
          data-long={formatMoney(price.amount, language, { short: true }).length > SHORT_CHARACTERS}
        >
          <Amount money={price.amount} short />
        </span>{' '}
        <Text span size="sm" c="dimmed">
          {intervalText(price.interval)}
        </Text>
      </div>
      <SmallPrint plan={plan} price={price} wanted={wanted} />
    </div>
  );
};

const SmallPrint = ({ plan, price, wanted }: Omit<PriceTagProps, 'currency'> & { readonly price: PlanPrice }) => {
  const { t } = useTranslation();
  const language = useLanguage();
  const saving = price.interval === 'year' ? savingOf(plan.prices) : null;
  return (
    <>
      {price.interval === wanted ? null : <OnlyThis interval={price.interval} />}
      {price.interval === 'year' ? (
        <Text size="sm">
          {t('pricing.perMonthEquivalent', { amount: formatMoney(perMonthOf(price.amount), language) })}
        </Text>
      ) : null}
      {saving === null || saving.share < 0.01 ? null : (
        <Text size="sm" c="teal.9" fw={500}>
          {t('pricing.saves', {
            amount: formatMoney(saving.saved, language, { short: true }),
            percent: new Intl.NumberFormat(language, { style: 'percent' }).format(saving.share),
          })}
        </Text>
      )}
      <Text size="xs" c="dimmed">
        {price.taxBehavior === 'inclusive' ? t('pricing.taxInclusive') : t('pricing.taxExclusive')}
      </Text>
      {price.converted ? (
        <Text size="xs" c="dimmed" data-testid="converted">
          ≈ {t('pricing.converted', { currency: price.amount.currency })}
        </Text>
      ) : null}
    </>
  );
};

/** A custom cycle says how often it is charged already. */
const OnlyThis = ({ interval }: { readonly interval: Interval }) => {
  const { t } = useTranslation();
  if (interval === 'month') return <Text size="sm">{t('pricing.onlyMonthly')}</Text>;
  return interval === 'year' ? <Text size="sm">{t('pricing.onlyYearly')}</Text> : null;
};
