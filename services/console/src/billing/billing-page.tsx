import { Anchor, Card, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import type { Billing } from '../api/answers.ts';
import { RequireSession } from '../auth/require-session.tsx';
import { useApp } from '../boot/app-context.ts';
import { Amount } from '../ui/amount.tsx';
import { EmptyNote } from '../ui/empty-note.tsx';
import { Identifier } from '../ui/identifier.tsx';
import { Moment } from '../ui/moment.tsx';
import { Page } from '../ui/page.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { RouterButton } from '../ui/router-link.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { BalanceDue } from './balance-due.tsx';
import { BillingPart } from './billing-part.tsx';
import { InvoiceList } from './invoice-list.tsx';
import { ReceiptTable } from './receipt-table.tsx';
import { SubscriptionCards } from './subscription-cards.tsx';

const route = getRouteApi('/billing');

export const BillingPage = () => {
  const { t } = useTranslation();
  return (
    <Page title={t('billing.title')}>
      <RequireSession>
        <MyBilling />
      </RequireSession>
    </Page>
  );
};

const MyBilling = () => {
  const { api } = useApp();
  const { t } = useTranslation();
  const { account } = route.useSearch();
  const billing = useQuery({ queryKey: ['billing', account], queryFn: ({ signal }) => api.billing(account, signal) });
  if (billing.data !== undefined) return <BillingParts billing={billing.data} onRetry={() => void billing.refetch()} />;
  if (billing.isError) return <ProblemNote error={billing.error} onRetry={() => void billing.refetch()} />;
  return <Waiting text={t('common.loading')} />;
};

const isNew = ({ subscriptions, invoices, payments }: Billing): boolean =>
  [subscriptions, invoices, payments].every(({ data }) => data?.length === 0);

const BillingParts = ({ billing, onRetry }: { readonly billing: Billing; readonly onRetry: () => void }) => {
  const { t } = useTranslation();
  const fresh = isNew(billing);
  return (
    <Stack gap="xl">
      <Text c="dimmed" size="sm" component="div" data-testid="billing-account">
        <Identifier>{billing.accountId}</Identifier>
      </Text>
      {fresh ? (
        <EmptyNote
          title={t('billing.emptyTitle')}
          text={t('billing.emptyText')}
          action={<RouterButton to="/">{t('common.backToPricing')}</RouterButton>}
        />
      ) : (
        <>
          <BillingPart title={t('billing.plans')} part={billing.subscriptions} onRetry={onRetry}>
            {(subscriptions) => (
              <Stack gap="md">
                <NextCharge billing={billing} />
                <SubscriptionCards subscriptions={subscriptions} />
              </Stack>
            )}
          </BillingPart>
          {/* Who owes nothing is told nothing. */}
          {billing.balanceDue.data?.length === 0 ? null : (
            <BillingPart title={t('billing.balanceDue')} part={billing.balanceDue} onRetry={onRetry}>
              {(balances) => <BalanceDue balances={balances} />}
            </BillingPart>
          )}
          <BillingPart title={t('billing.invoices')} part={billing.invoices} onRetry={onRetry}>
            {(invoices) => <InvoiceList invoices={invoices} />}
          </BillingPart>
          <BillingPart title={t('billing.receipts')} part={billing.payments} onRetry={onRetry}>
            {(payments) => <ReceiptTable payments={payments} />}
          </BillingPart>
        </>
      )}
      <Support support={billing.support} />
    </Stack>
  );
};

const NextCharge = ({ billing: { nextCharge } }: { readonly billing: Billing }) => {
  const { t } = useTranslation();
  return (
    <Card withBorder radius="lg" padding="lg" className="card" data-testid="next-charge">
      <Title order={3} size="h5">
        {t('billing.nextCharge')}
      </Title>
      {nextCharge === null ? (
        <Text>{t('billing.noNextCharge')}</Text>
      ) : (
        <Text component="div">
          <strong>
            <Amount money={nextCharge.amount} />
          </strong>
          {' · '}
          <Moment at={nextCharge.at} />
          <Text size="sm" c="dimmed">
            {t(nextCharge.withTax ? 'billing.nextChargeTax' : 'billing.nextChargeBeforeTax')}
          </Text>
        </Text>
      )}
    </Card>
  );
};

const Support = ({ support: { url, email } }: { readonly support: Billing['support'] }) => {
  const { t } = useTranslation();
  if (url === null && email === null) return null;
  return (
    <Card withBorder radius="lg" padding="lg" className="card" data-testid="support">
      <Title order={2} size="h5">
        {t('billing.supportTitle')}
      </Title>
      <Text c="dimmed" mb="xs">
        {t('billing.supportText')}
      </Text>
      {url === null ? null : <Anchor href={url}>{t('common.support')}</Anchor>}
      {email === null ? null : <Anchor href={`mailto:${email}`}>{t('billing.supportMail', { email })}</Anchor>}
    </Card>
  );
};
