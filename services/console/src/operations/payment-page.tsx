import { Card, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import type { Payment } from '../api/answers.ts';
import { InvoiceDetails } from '../billing/invoice-details.tsx';
import { PaymentMethod } from '../billing/payment-method.tsx';
import { useApp } from '../boot/app-context.ts';
import { Amount } from '../ui/amount.tsx';
import { Facts } from '../ui/facts.tsx';
import { Identifier } from '../ui/identifier.tsx';
import { Moment } from '../ui/moment.tsx';
import { Page } from '../ui/page.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { RouterAnchor } from '../ui/router-link.tsx';
import { StatusBadge } from '../ui/status-badge.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { AuditTrail } from './audit-trail.tsx';
import { ChainProof } from './chain-proof.tsx';
import { OperatorsOnly } from './operators-only.tsx';

const route = getRouteApi('/payments/$id');

/** One payment followed to its invoice, its audit trail and the proof of it. */
export const PaymentPage = () => {
  const { t } = useTranslation();
  const { id } = route.useParams();
  return (
    <Page
      title={t('operations.paymentTitle')}
      lead={<Identifier testId="payment-id">{id}</Identifier>}
      aside={<RouterAnchor to="/payments">{t('operations.back')}</RouterAnchor>}
    >
      <OperatorsOnly>
        <PaymentById id={id} />
      </OperatorsOnly>
    </Page>
  );
};

const PaymentById = ({ id }: { readonly id: string }) => {
  const { api } = useApp();
  const { t } = useTranslation();
  const payment = useQuery({ queryKey: ['payment', id], queryFn: ({ signal }) => api.payment(id, signal) });
  if (payment.data === undefined) {
    if (payment.isError) return <ProblemNote error={payment.error} onRetry={() => void payment.refetch()} />;
    return <Waiting text={t('common.loading')} />;
  }
  return (
    <div className="two-columns">
      <Stack gap="lg">
        <PaymentCard payment={payment.data} />
        <InvoiceCard id={payment.data.invoiceId} />
      </Stack>
      <Stack gap="lg">
        <ChainProof />
        <AuditTrail correlation={payment.data.correlationId} />
      </Stack>
    </div>
  );
};

const PaymentCard = ({ payment }: { readonly payment: Payment }) => {
  const { t } = useTranslation();
  return (
    <Card withBorder radius="lg" padding="lg" className="card">
      <Group gap="md" mb="md">
        <Title order={2} size="h3" data-testid="payment-amount">
          <Amount money={payment.amount} />
        </Title>
        <StatusBadge status={payment.status} testId="payment-status" />
      </Group>
      <Facts
        of={[
          [t('receipt.paidOn'), <Moment key="at" at={payment.capturedAt} />],
          [t('receipt.method'), <PaymentMethod key="method" payment={payment} />],
          [t('operations.provider'), <bdi key="provider">{payment.provider}</bdi>],
          [t('receipt.reference'), <Identifier key="reference">{payment.providerReference}</Identifier>],
          [t('operations.order'), <Identifier key="order">{payment.orderId}</Identifier>],
          [t('operations.accountColumn'), <Identifier key="account">{payment.accountId}</Identifier>],
        ]}
      />
      <Text mt="md" size="sm" component="div">
        {payment.appliedTo === 'balance' ? <p>{t('receipt.balance')}</p> : null}
        <RouterAnchor to="/billing" search={{ account: payment.accountId }}>
          {t('operations.toBilling')}
        </RouterAnchor>
      </Text>
    </Card>
  );
};

const InvoiceCard = ({ id }: { readonly id: string }) => {
  const { api } = useApp();
  const { t } = useTranslation();
  const invoice = useQuery({ queryKey: ['invoice', id], queryFn: ({ signal }) => api.invoice(id, signal) });
  if (invoice.isError) return <ProblemNote error={invoice.error} onRetry={() => void invoice.refetch()} />;
  if (invoice.data === undefined) return <Waiting text={t('common.loading')} />;
  return (
    <Card
      withBorder
      radius="lg"
      padding="lg"
      className="card"
      component="section"
      aria-label={t('operations.theInvoice')}
    >
      <Text size="sm" c="dimmed">
        {t('operations.theInvoice')}
      </Text>
      <Group gap="md" mb="md">
        <Title order={2} size="h3" data-testid="invoice-number">
          <bdi>{invoice.data.number ?? t('invoice.draft')}</bdi>
        </Title>
        <StatusBadge status={invoice.data.status} testId="invoice-status" />
      </Group>
      <InvoiceDetails invoice={invoice.data} />
    </Card>
  );
};
