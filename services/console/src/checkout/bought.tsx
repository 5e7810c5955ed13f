import { Card, Group, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

import type { Checkout } from '../api/answers.ts';
import { useApp } from '../boot/app-context.ts';
import { queryClient } from '../boot/query-client.ts';
import { Amount } from '../ui/amount.tsx';
import { Facts } from '../ui/facts.tsx';
import { Moment } from '../ui/moment.tsx';
import { RouterAnchor, RouterButton } from '../ui/router-link.tsx';
import { StatusBadge } from '../ui/status-badge.tsx';
import { forgetAttempts } from './attempt.ts';

/** The purchase is done: what is active, the invoice, and what to do next. */
export const Bought = ({ checkout }: { readonly checkout: Checkout }) => {
  const { t } = useTranslation();
  useEffect(() => {
    forgetAttempts();
    void queryClient.invalidateQueries({ queryKey: ['billing'] });
  }, []);
  return (
    <Card withBorder radius="lg" padding="xl" className="card">
      <Stack gap="xl">
        <Group role="status" gap="md" wrap="nowrap" align="flex-start">
          <ThemeIcon size={44} radius="xl" color="teal.8" aria-hidden>
            <IconCheck size={26} />
          </ThemeIcon>
          <div data-testid="checkout-status" data-status={checkout.subscriptionStatus}>
            <Title order={2} size="h3">
              {t('outcome.active', { plan: checkout.planName })}
            </Title>
            <Text>{t('outcome.activeText')}</Text>
          </div>
        </Group>
        <Facts
          of={[
            [t('receipt.status'), <StatusBadge key="status" status={checkout.subscriptionStatus} />],
            [
              t('outcome.invoice'),
              checkout.invoiceId === null ? null : <InvoiceLink key="invoice" id={checkout.invoiceId} />,
            ],
            [t('outcome.paid'), checkout.dueNow === null ? null : <Amount key="paid" money={checkout.dueNow.payNow} />],
            [
              t('checkout.carried'),
              checkout.dueNow === null || checkout.dueNow.carried.amount === 0 ? null : (
                <Amount key="carried" money={checkout.dueNow.carried} />
              ),
            ],
            [t('outcome.renews'), checkout.renewsAt === null ? null : <Moment key="renews" at={checkout.renewsAt} />],
          ]}
        />
        <div>
          <Title order={3} size="h5" mb="sm">
            {t('outcome.next')}
          </Title>
          <Group>
            <RouterButton to="/billing">{t('outcome.toBilling')}</RouterButton>
            <RouterButton to="/" variant="default">
              {t('outcome.toPricing')}
            </RouterButton>
          </Group>
        </div>
      </Stack>
    </Card>
  );
};

const InvoiceLink = ({ id }: { readonly id: string }) => {
  const { api } = useApp();
  const { t } = useTranslation();
  const invoice = useQuery({ queryKey: ['invoice', id], queryFn: ({ signal }) => api.invoice(id, signal) });
  return (
    <RouterAnchor to="/billing" hash={id} data-testid="invoice-number">
      <bdi>{invoice.data?.number ?? t('outcome.toBilling')}</bdi>
    </RouterAnchor>
  );
};
