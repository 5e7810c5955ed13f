import { Text, Title } from '@mantine/core';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';

import type { DueNow, Interval } from '../api/answers.ts';
import { formatNumber, formatRate, type Money } from '../i18n/format.ts';
import { useIntervalText } from '../i18n/use-interval-text.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Amount } from '../ui/amount.tsx';

interface DueNowSummaryProps {
  readonly planName: string;
  readonly interval: Interval;
  readonly dueNow: DueNow;
}

/** Every line, the tax with its reason, and the total. */
export const DueNowSummary = ({ planName, interval, dueNow }: DueNowSummaryProps) => {
  const { t } = useTranslation();
  const language = useLanguage();
  const intervalText = useIntervalText();
  return (
    <>
      <Title order={2} size="h4" mb={4}>
        {t('checkout.payNow')}
      </Title>
      <Text c="dimmed" mb="lg">
        <bdi>{planName}</bdi> · {intervalText(interval)}
      </Text>
      <dl className="sum" data-testid="checkout-lines">
        {dueNow.lines.map((line, place) => (
          <Fragment key={`${place}:${line.description}`}>
            <dt>
              <bdi>{line.description}</bdi>
              {line.quantity === 1 ? '' : ` × ${formatNumber(line.quantity, language)}`}
            </dt>
            <dd>
              <Amount money={line.net} />
            </dd>
          </Fragment>
        ))}
        <dt>{t('checkout.subtotal')}</dt>
        <dd>
          <Amount money={dueNow.subtotal} />
        </dd>
        {taxesOf(dueNow).map(({ ratePpm, reason, tax }) => (
          <Fragment key={`${ratePpm}:${reason}`}>
            <dt data-testid="checkout-tax-line">
              {t('checkout.tax', { rate: formatRate(ratePpm, language) })}
              <Text size="sm" c="dimmed">
                <bdi>{reason}</bdi>
              </Text>
            </dt>
            <dd>
              <Amount money={tax} />
            </dd>
          </Fragment>
        ))}
        {dueNow.carried.amount === 0 ? null : (
          <>
            <dt>{t('checkout.carried')}</dt>
            <dd data-testid="checkout-carried">
              <Amount money={dueNow.carried} />
            </dd>
          </>
        )}
        <dt className="total">{t('checkout.total')}</dt>
        <dd className="total" data-testid="checkout-total">
          <Amount money={dueNow.payNow} />
        </dd>
      </dl>
    </>
  );
};

interface Tax {
  readonly ratePpm: number;
  readonly reason: string;
  readonly tax: Money;
}

/** Lines taxed alike are one tax line. */
const taxesOf = (dueNow: DueNow): readonly Tax[] => {
  const taxes = new Map<string, Tax>();
  for (const { taxRatePpm, taxReason, tax } of dueNow.lines) {
    const key = `${taxRatePpm}:${taxReason}`;
    const amount = (taxes.get(key)?.tax.amount ?? 0) + tax.amount;
    taxes.set(key, { ratePpm: taxRatePpm, reason: taxReason, tax: { amount, currency: tax.currency } });
  }
  return [...taxes.values()];
};
