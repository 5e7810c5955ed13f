import { Card, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import type { AttentionList, DeadLetterList } from '../api/answers.ts';
import { useApp } from '../boot/app-context.ts';
import { formatNumber } from '../i18n/format.ts';
import { useLanguage } from '../i18n/use-language.ts';

/** What waits for a person, and what nobody could handle: zero and zero on a good day. */
export const Counts = ({ attention }: { readonly attention: AttentionList }) => {
  const { api } = useApp();
  const { t } = useTranslation();
  const deadLetters = useQuery({ queryKey: ['dead-letters'], queryFn: ({ signal }) => api.deadLetters(signal) });
  return (
    <Group gap="md" align="stretch">
      <Count label={t('operations.attention')} list={attention} testId="attention-count" />
      {deadLetters.data === undefined ? null : (
        <Count label={t('operations.deadLetters')} list={deadLetters.data} testId="dead-letter-count" />
      )}
    </Group>
  );
};

interface CountProps {
  readonly label: string;
  readonly list: AttentionList | DeadLetterList;
  readonly testId: string;
}

const Count = ({ label, list, testId }: CountProps) => {
  const { t } = useTranslation();
  const language = useLanguage();
  const count = list.data.length;
  return (
    <Card withBorder radius="lg" padding="md" className="card" data-testid={testId} data-count={count}>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fw={600} size="xl" {...(count === 0 ? {} : { c: 'red.9' })}>
        {formatNumber(count, language)}
      </Text>
      {list.unreachable.length === 0 ? null : (
        <Text size="sm" c="red.9">
          {t('operations.unreachable', { services: list.unreachable.join(', ') })}
        </Text>
      )}
    </Card>
  );
};
