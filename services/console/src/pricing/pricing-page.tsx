import { Group, NativeSelect, SegmentedControl, Skeleton, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import type { Interval, Pricing, Product } from '../api/answers.ts';
import { useApp } from '../boot/app-context.ts';
import { chosenCountry } from '../checkout/countries.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { EmptyNote } from '../ui/empty-note.tsx';
import { Page } from '../ui/page.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { chosenCurrency, rememberCurrency } from './chosen-currency.ts';
import { PlanCard } from './plan-card.tsx';

const route = getRouteApi('/');

export const PricingPage = () => {
  const { api, config } = useApp();
  const { t } = useTranslation();
  const language = useLanguage();
  const search = route.useSearch();
  const currency = search.currency ?? chosenCurrency() ?? config.currency ?? undefined;
  // The country of the last order: its prices are the ones that would be ordered again.
  const country = chosenCountry() ?? undefined;
  const interval = search.interval ?? 'month';
  const pricing = useQuery({
    queryKey: ['pricing', language, currency, country],
    queryFn: ({ signal }) => api.pricing({ lang: language, currency, country }, signal),
    // Prices stay on the page while those of another currency are on their way.
    placeholderData: (before) => before,
  });
  return (
    <Page
      title={t('pricing.title')}
      lead={t('pricing.lead')}
      aside={pricing.data === undefined ? null : <Choices pricing={pricing.data} interval={interval} />}
    >
      {pricing.isError ? <ProblemNote error={pricing.error} onRetry={() => void pricing.refetch()} /> : null}
      {pricing.isPending ? <LoadingCards /> : null}
      {pricing.data?.products.length === 0 ? (
        <EmptyNote title={t('pricing.empty')} text={t('pricing.emptyText')} />
      ) : null}
      {pricing.data?.products.map((product) => (
        <ProductPlans key={product.key} product={product} currency={pricing.data.currency} interval={interval} />
      ))}
    </Page>
  );
};

const Choices = ({ pricing, interval }: { readonly pricing: Pricing; readonly interval: Interval }) => {
  const navigate = route.useNavigate();
  const { t } = useTranslation();
  const language = useLanguage();
  const names = new Intl.DisplayNames(language, { type: 'currency' });
  return (
    <Group gap="md" align="flex-end">
      <SegmentedControl
        aria-label={t('pricing.interval')}
        data-testid="interval-switch"
        value={interval}
        onChange={(value) =>
          void navigate({
            search: (before) => ({ ...before, interval: value === 'year' ? 'year' : 'month' }),
            replace: true,
            resetScroll: false,
          })
        }
        data={[
          { value: 'month', label: t('pricing.monthly') },
          { value: 'year', label: t('pricing.yearly') },
        ]}
      />
      <NativeSelect
        aria-label={t('pricing.currency')}
        data-testid="currency-select"
        value={pricing.currency}
        onChange={({ currentTarget: { value } }) => {
          rememberCurrency(value);
          void navigate({ search: (before) => ({ ...before, currency: value }), replace: true, resetScroll: false });
        }}
        data={pricing.currencies.map((code) => ({ value: code, label: `${code} · ${names.of(code) ?? code}` }))}
      />
    </Group>
  );
};

interface ProductPlansProps {
  readonly product: Product;
  readonly currency: string;
  readonly interval: Interval;
}

const ProductPlans = ({ product, currency, interval }: ProductPlansProps) => (
  <Stack component="section" gap="md" aria-labelledby={`product-${product.key}`} data-testid={`product-${product.key}`}>
    <div>
      <Title order={2} size="h3" id={`product-${product.key}`}>
        {product.name}
      </Title>
      <Text c="dimmed">{product.description}</Text>
    </div>
    <ul className="plans">
      {product.plans
        .toSorted((left, right) => left.rank - right.rank)
        .map((plan) => (
          <li key={plan.planId}>
            <PlanCard productKey={product.key} plan={plan} currency={currency} interval={interval} />
          </li>
        ))}
    </ul>
  </Stack>
);

const LoadingCards = () => {
  const { t } = useTranslation();
  return (
    <div role="status">
      <VisuallyHidden>{t('common.loading')}</VisuallyHidden>
      <div className="plans" aria-hidden>
        {['first', 'second', 'third', 'fourth'].map((place) => (
          <Skeleton key={place} height={380} radius="lg" />
        ))}
      </div>
    </div>
  );
};
