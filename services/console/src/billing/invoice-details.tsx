import { Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Invoice, InvoiceLine } from '../api/answers.ts';
import { formatInstant, formatNumber, formatRate } from '../i18n/format.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Amount } from '../ui/amount.tsx';
import { Facts } from '../ui/facts.tsx';
import { Moment } from '../ui/moment.tsx';

/** Every charge with its reason, and who bills whom. */
export const InvoiceDetails = ({ invoice }: { readonly invoice: Invoice }) => {
  const { t } = useTranslation();
  const { seller, buyer } = invoice;
  return (
    <Stack gap="lg">
      <Facts
        of={[
          [t('invoice.why'), t(`invoice.${invoice.kind}`)],
          [t('invoice.issued'), invoice.issuedAt === null ? null : <Moment key="issued" at={invoice.issuedAt} />],
          [t('invoice.paidAt'), invoice.paidAt === null ? null : <Moment key="paid" at={invoice.paidAt} />],
          [t('invoice.due'), isOwed(invoice) ? <Amount key="due" money={invoice.amountDue} /> : null],
          [t('checkout.carried'), invoice.status === 'carried' ? t('invoice.carriedText') : null],
          [
            t('invoice.seller'),
            <Party key="seller" name={seller.name} country={seller.country} taxId={seller.taxId} />,
          ],
          [t('invoice.buyer'), <Party key="buyer" name={buyer.name} country={buyer.country} taxId={buyer.taxId} />],
        ]}
      />
      <div className="wide" role="region" aria-label={t('invoice.lines')} tabIndex={0}>
        <LineTable invoice={invoice} />
      </div>
    </Stack>
  );
};

const isOwed = ({ status, amountDue }: Invoice): boolean =>
  status === 'issued' || (status === 'carried' && amountDue.amount > 0);

const LineTable = ({ invoice }: { readonly invoice: Invoice }) => {
  const { t } = useTranslation();
  return (
    <Table miw={560} data-testid="invoice-lines">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('checkout.line')}</Table.Th>
          <Table.Th className="end">{t('invoice.quantity')}</Table.Th>
          <Table.Th className="end">{t('invoice.unitPrice')}</Table.Th>
          <Table.Th className="end">{t('invoice.net')}</Table.Th>
          <Table.Th className="end">{t('invoice.tax')}</Table.Th>
          <Table.Th className="end">{t('invoice.gross')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {invoice.lines.map((line, place) => (
          <Line key={`${place}:${line.description}`} line={line} />
        ))}
      </Table.Tbody>
      <Table.Tfoot>
        <Table.Tr>
          <Table.Th colSpan={3}>{t('invoice.gross')}</Table.Th>
          <Table.Th className="end">
            <Amount money={invoice.totals.subtotal} />
          </Table.Th>
          <Table.Th className="end">
            <Amount money={invoice.totals.tax} />
          </Table.Th>
          <Table.Th className="end" data-testid="invoice-total">
            <Amount money={invoice.totals.total} />
          </Table.Th>
        </Table.Tr>
      </Table.Tfoot>
    </Table>
  );
};

const Line = ({ line }: { readonly line: InvoiceLine }) => {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <Table.Tr>
      <Table.Td>
        <bdi>{line.description}</bdi>
        {line.period === null ? null : (
          <Text size="sm" c="dimmed">
            {t('invoice.lineFor', {
              start: formatInstant(line.period.start, language, 'day'),
              end: formatInstant(line.period.end, language, 'day'),
            })}
          </Text>
        )}
        <Text size="sm" c="dimmed">
          <bdi>{line.taxReason}</bdi>
        </Text>
      </Table.Td>
      <Table.Td className="end">{formatNumber(line.quantity, language)}</Table.Td>
      <Table.Td className="end">
        <Amount money={line.unitPrice} />
      </Table.Td>
      <Table.Td className="end">
        <Amount money={line.net} />
      </Table.Td>
      <Table.Td className="end">
        <Amount money={line.tax} />
        <Text size="sm" c="dimmed">
          <bdi>{formatRate(line.taxRatePpm, language)}</bdi>
        </Text>
      </Table.Td>
      <Table.Td className="end">
        <Amount money={line.gross} />
      </Table.Td>
    </Table.Tr>
  );
};

interface PartyProps {
  readonly name: string | null;
  readonly country: string;
  readonly taxId: string | null;
}

const Party = ({ name, country, taxId }: PartyProps) => {
  const { t } = useTranslation();
  const countryName = new Intl.DisplayNames(useLanguage(), { type: 'region' }).of(country) ?? country;
  return (
    <>
      {name === null ? null : (
        <>
          <bdi>{name}</bdi>
          {' · '}
        </>
      )}
      <bdi>{countryName}</bdi>
      {taxId === null ? null : (
        <Text size="sm" c="dimmed">
          {t('invoice.taxId')} <bdi dir="ltr">{taxId}</bdi>
        </Text>
      )}
    </>
  );
};
