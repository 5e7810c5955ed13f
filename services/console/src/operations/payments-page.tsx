import { Button, Card, Group, Stack, Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import type { Payment } from '../api/answers.ts';
import { PaymentMethod } from '../billing/payment-method.tsx';
import { useApp } from '../boot/app-context.ts';
import { Amount } from '../ui/amount.tsx';
import { EmptyNote } from '../ui/empty-note.tsx';
import { Identifier } from '../ui/identifier.tsx';
import { Moment } from '../ui/moment.tsx';
import { Page } from '../ui/page.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { RouterAnchor } from '../ui/router-link.tsx';
import { StatusBadge } from '../ui/status-badge.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { OperatorsOnly } from './operators-only.tsx';

export const PaymentsPage = () => {
  const { t } = useTranslation();
  return (
    <Page title={t('operations.title')} lead={t('operations.lead')}>
      <OperatorsOnly>
        <Payments />
      </OperatorsOnly>
    </Page>
  );
};

const FIRST_PAGE: string | undefined = undefined;

const Payments = () => {
  const { api } = useApp();
  const { t } = useTranslation();
  const pages = useInfiniteQuery({
    queryKey: ['payments'],
    initialPageParam: FIRST_PAGE,
    queryFn: ({ pageParam, signal }: { pageParam: string | undefined; signal: AbortSignal }) =>
      api.payments(pageParam, signal),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
  if (pages.data === undefined) {
    if (pages.isError) return <ProblemNote error={pages.error} onRetry={() => void pages.refetch()} />;
    return <Waiting text={t('common.loading')} />;
  }
  const payments = pages.data.pages.flatMap((page) => page.data);
  if (payments.length === 0) return <EmptyNote title={t('operations.empty')} text={t('operations.emptyText')} />;
  return (
    <Stack gap="md">
      <PaymentTable payments={payments} />
      {pages.hasNextPage ? (
        <Group>
          <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {t('operations.more')}
          </Button>
        </Group>
      ) : null}
    </Stack>
  );
};

const PaymentTable = ({ payments }: { readonly payments: readonly Payment[] }) => {
  const { t } = useTranslation();
  return (
    <Card
      withBorder
      radius="lg"
      padding={0}
      className="card wide"
      role="region"
      aria-label={t('operations.title')}
      tabIndex={0}
    >
      <Table miw={860} verticalSpacing="sm" horizontalSpacing="lg" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('operations.date')}</Table.Th>
            <Table.Th>{t('operations.paymentTitle')}</Table.Th>
            <Table.Th>{t('operations.accountColumn')}</Table.Th>
            <Table.Th>{t('receipt.forInvoice')}</Table.Th>
            <Table.Th>{t('receipt.method')}</Table.Th>
            <Table.Th>{t('receipt.status')}</Table.Th>
            <Table.Th className="end">{t('receipt.amount')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {payments.map((payment) => (
            <PaymentRow key={payment.id} payment={payment} />
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
};

const ID_TAIL = 8;

const PaymentRow = ({ payment }: { readonly payment: Payment }) => {
  const { t } = useTranslation();
  return (
    <Table.Tr data-testid={`payment-${payment.id}`}>
      <Table.Td>
        <Moment at={payment.capturedAt} />
      </Table.Td>
      <Table.Td>
        <RouterAnchor to="/payments/$id" params={{ id: payment.id }} data-testid={`open-${payment.id}`}>
          <Identifier>{`pay_…${payment.id.slice(-ID_TAIL)}`}</Identifier>
        </RouterAnchor>
      </Table.Td>
      <Table.Td>
        <Identifier>{payment.accountId}</Identifier>
      </Table.Td>
      <Table.Td>
        {payment.appliedTo === 'balance' ? t('receipt.balance') : <bdi>{payment.invoiceNumber ?? '—'}</bdi>}
      </Table.Td>
      <Table.Td>
        <PaymentMethod payment={payment} />
      </Table.Td>
      <Table.Td>
        <StatusBadge status={payment.status} />
      </Table.Td>
      <Table.Td className="end">
        <Amount money={payment.amount} />
      </Table.Td>
    </Table.Tr>
  );
};
