import { Accordion, Group, Text } from '@mantine/core';
import { useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import type { Invoice } from '../api/answers.ts';
import { Amount } from '../ui/amount.tsx';
import { Moment } from '../ui/moment.tsx';
import { StatusBadge } from '../ui/status-badge.tsx';
import { InvoiceDetails } from './invoice-details.tsx';

/** Invoices as a list that opens; an address with `#inv_…` opens that one. */
export const InvoiceList = ({ invoices }: { readonly invoices: readonly Invoice[] }) => {
  const { t } = useTranslation();
  const { hash } = useLocation();
  if (invoices.length === 0) return <Text c="dimmed">{t('billing.noInvoices')}</Text>;
  const wanted = invoices.find((invoice) => invoice.id === hash)?.id ?? null;
  return (
    <Accordion variant="separated" radius="lg" order={3} defaultValue={wanted}>
      {invoices.map((invoice) => (
        <Accordion.Item
          key={invoice.id}
          value={invoice.id}
          id={invoice.id}
          className="card"
          data-testid={`invoice-${invoice.id}`}
        >
          <Accordion.Control>
            <InvoiceHeadline invoice={invoice} />
          </Accordion.Control>
          <Accordion.Panel>
            <InvoiceDetails invoice={invoice} />
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
};

const InvoiceHeadline = ({ invoice }: { readonly invoice: Invoice }) => {
  const { t } = useTranslation();
  return (
    <Group justify="space-between" gap="sm" pe="sm">
      <Group gap="sm">
        <Text span fw={600} data-testid="invoice-number">
          <bdi>{invoice.number ?? t('invoice.draft')}</bdi>
        </Text>
        <StatusBadge status={invoice.status} testId="invoice-status" />
      </Group>
      <Group gap="md">
        <Text span size="sm" c="dimmed">
          <Moment at={invoice.issuedAt ?? invoice.createdAt} as="day" />
        </Text>
        <Text span fw={600}>
          <Amount money={invoice.totals.total} />
        </Text>
      </Group>
    </Group>
  );
};
