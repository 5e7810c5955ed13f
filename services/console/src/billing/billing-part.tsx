import { Alert, Button, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface BillingPartProps<Data> {
  readonly title: string;
  readonly part: { readonly data: Data | null; readonly problem: string | null };
  readonly onRetry: () => void;
  readonly children: (data: Data) => ReactNode;
}

/** One part of the page. When its service cannot answer, it says so for itself and the others stay. */
export const BillingPart = <Data,>({ title, part, onRetry, children }: BillingPartProps<Data>) => {
  const { t } = useTranslation();
  return (
    <Stack gap="md">
      <Title order={2} size="h3">
        {title}
      </Title>
      {part.data === null ? (
        <Alert
          color="orange"
          variant="light"
          icon={<IconAlertTriangle aria-hidden />}
          title={t('billing.partFailed')}
          data-testid="part-problem"
          data-code={part.problem}
        >
          <Stack gap="xs" align="flex-start">
            <Text size="sm">{t('billing.partFailedText')}</Text>
            <Button size="xs" variant="default" onClick={onRetry}>
              {t('common.tryAgain')}
            </Button>
          </Stack>
        </Alert>
      ) : (
        children(part.data)
      )}
    </Stack>
  );
};
