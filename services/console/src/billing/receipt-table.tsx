import { Card, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Payment } from '../api/answers.ts';
import { Amount } from '../ui/amount.tsx';
import { Identifier } from '../ui/identifier.tsx';
import { Moment } from '../ui/moment.tsx';
import { StatusBadge } from '../ui/status-badge.tsx';
import { PaymentMethod } from './payment-method.tsx';

export const ReceiptTable = ({ payments }: { readonly payments: readonly Payment[] }) => {
  const { t } = useTranslation();
  if (payments.length === 0) return <Text c="dimmed">{t('billing.noReceipts')}</Text>;
  return (
    <Card
      withBorder
      radius="lg"
      padding={0}
      className="card wide"
      role="region"
      aria-label={t('billing.receipts')}
      tabIndex={0}
    >
      <Table miw={680} verticalSpacing="sm" horizontalSpacing="lg">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('receipt.paidOn')}</Table.Th>
            <Table.Th>{t('receipt.forInvoice')}</Table.Th>
            <Table.Th>{t('receipt.method')}</Table.Th>
            <Table.Th>{t('receipt.reference')}</Table.Th>
            <Table.Th>{t('receipt.status')}</Table.Th>
            <Table.Th className="end">{t('receipt.amount')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {payments.map((payment) => (
            <Receipt key={payment.id} payment={payment} />
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
};

const Receipt = ({ payment }: { readonly payment: Payment }) => {
  const { t } = useTranslation();
  return (
    <Table.Tr data-testid={`receipt-${payment.id}`}>
      <Table.Td>
        <Moment at={payment.capturedAt} />
      </Table.Td>
      <Table.Td>
        {payment.appliedTo === 'balance' ? t('receipt.balance') : <bdi>{payment.invoiceNumber ?? '—'}</bdi>}
      </Table.Td>
      <Table.Td>
        <PaymentMethod payment={payment} />
      </Table.Td>
      <Table.Td>
        <Identifier>{payment.providerReference}</Identifier>
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
