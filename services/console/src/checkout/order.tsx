import { Alert, Button, Card, NativeSelect, Stack, Text } from '@mantine/core';
import { Navigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { useLanguage } from '../i18n/use-language.ts';
import { ProblemNote } from '../ui/problem-note.tsx';
import { RouterAnchor } from '../ui/router-link.tsx';
import { Waiting } from '../ui/waiting.tsx';
import type { Wish } from './attempt.ts';
import { countriesIn } from './countries.ts';
import { DueNowSummary } from './due-now-summary.tsx';
import { FailureReason } from './failure-reason.tsx';
import { Pay } from './pay.tsx';
import { QuantityInput } from './quantity-input.tsx';
import { useCheckout } from './use-checkout.ts';

interface OrderProps {
  readonly wish: Wish;
  readonly onStartOver: () => void;
  readonly onCountry: (country: string | null) => void;
  readonly onQuantity: (quantity: number) => void;
}

/** What will be paid, when it renews, and the way to the provider's page. */
export const Order = ({ wish, onStartOver, onCountry, onQuantity }: OrderProps) => {
  const { t } = useTranslation();
  const { checkout, over, slow, error } = useCheckout(wish, onStartOver);

  if (error !== null) return <ProblemNote error={error} onRetry={onStartOver} />;
  // A free plan is active at once, and a paid one cannot be paid twice.
  if (checkout?.status === 'completed')
    return <Navigate to="/checkout/return" search={{ session: checkout.id }} replace />;
  if (over) {
    return (
      <Alert
        color="orange"
        variant="light"
        title={t('checkout.stale')}
        data-testid="checkout-status"
        data-status={checkout?.status}
      >
        <Stack align="flex-start" gap="sm">
          <Text size="sm">{t('checkout.staleText')}</Text>
          <FailureReason failure={checkout?.failure ?? null} />
          <Button onClick={onStartOver}>{t('checkout.newOrder')}</Button>
        </Stack>
      </Alert>
    );
  }
  return (
    <div className="two-columns">
      <Card withBorder radius="lg" padding="lg" className="card">
        {checkout === null || checkout.dueNow === null || checkout.status === 'opening' ? (
          <>
            <Waiting text={t('checkout.opening')} />
            {slow ? <Text size="sm">{t('checkout.slow')}</Text> : null}
          </>
        ) : (
          <DueNowSummary planName={checkout.planName} interval={checkout.interval} dueNow={checkout.dueNow} />
        )}
      </Card>
      <Stack gap="lg">
        <QuantityInput quantity={wish.quantity} onQuantity={onQuantity} />
        <CountrySelect country={wish.country} onCountry={onCountry} />
        {checkout?.status === 'open' ? <Pay checkout={checkout} /> : null}
        <RouterAnchor to="/" size="sm">
          {t('checkout.change')}
        </RouterAnchor>
      </Stack>
    </div>
  );
};

const CountrySelect = ({
  country,
  onCountry,
}: {
  readonly country: string | null;
  readonly onCountry: OrderProps['onCountry'];
}) => {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <NativeSelect
      label={t('checkout.country')}
      description={t('checkout.countryHelp')}
      data-testid="country-select"
      autoComplete="country"
      value={country ?? ''}
      onChange={({ currentTarget: { value } }) => onCountry(value === '' ? null : value)}
      data={[{ value: '', label: t('checkout.countryDefault') }, ...countriesIn(language)]}
    />
  );
};
