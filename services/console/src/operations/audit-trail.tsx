import { Card, Code, Group, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import type { AuditRecord } from '../api/answers.ts';
import { useApp } from '../boot/app-context.ts';
import { en } from '../i18n/en.ts';
import { formatNumber } from '../i18n/format.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Identifier } from '../ui/identifier.tsx';
import { Moment } from '../ui/moment.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { StatusBadge } from '../ui/status-badge.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { SaveTrail } from './save-trail.tsx';

const LOOK_AGAIN_MS = 2000;

const isComplete = (records: readonly AuditRecord[] | undefined): boolean =>
  records !== undefined && records.length > 0 && records.every((record) => record.sequence !== null);

/** Everything one purchase caused, oldest first. */
export const AuditTrail = ({ correlation }: { readonly correlation: string }) => {
  const { api } = useApp();
  const { t } = useTranslation();
  const trail = useQuery({
    queryKey: ['trail', correlation],
    staleTime: 0,
    queryFn: ({ signal }) => api.trail(correlation, signal),
    refetchInterval: ({ state }) => (isComplete(state.data?.data) ? false : LOOK_AGAIN_MS),
  });
  if (trail.isError && trail.data === undefined) {
    return <ProblemNote error={trail.error} onRetry={() => void trail.refetch()} />;
  }
  const records = trail.data?.data;
  return (
    <Card withBorder radius="lg" padding="lg" className="card" component="section" aria-labelledby="trail">
      <Group justify="space-between">
        <Title order={2} size="h3" id="trail">
          {t('operations.trail')}
        </Title>
        <SaveTrail correlation={correlation} />
      </Group>
      <Text c="dimmed" mb="lg" component="div">
        {t('operations.trailLead')}{' '}
        {records === undefined ? null : (
          <span data-testid="trail-count" data-count={records.length}>
            {t('plural.records', { count: records.length })}
          </span>
        )}
      </Text>
      {records === undefined ? <Waiting text={t('common.loading')} /> : null}
      {records?.length === 0 ? <Text role="status">{t('operations.trailEmpty')}</Text> : null}
      <ol className="trail" data-testid="trail">
        {records?.map((record) => (
          <TrailItem key={record.id} record={record} />
        ))}
      </ol>
    </Card>
  );
};

const isKnownAction = (key: string): key is keyof typeof en.action => key in en.action;
const isKnownActor = (kind: string): kind is keyof typeof en.actor => kind in en.actor;

const TrailItem = ({ record }: { readonly record: AuditRecord }) => {
  const { t } = useTranslation();
  const language = useLanguage();
  const key = record.action.replace('.', '_');
  const { actor } = record;
  return (
    <li data-testid={`trail-${record.action}`} data-result={record.result} data-sequence={record.sequence}>
      <Group gap="xs">
        <Text fw={600}>{isKnownAction(key) ? t(`action.${key}`) : record.action}</Text>
        {record.result === 'succeeded' ? null : <StatusBadge status={record.result} />}
      </Group>
      <Text size="sm" component="div">
        <Moment at={record.occurredAt} as="second" />
      </Text>
      <Text size="sm" c="dimmed" component="div">
        {t('operations.by', { actor: isKnownActor(actor.kind) ? t(`actor.${actor.kind}`) : actor.kind })}{' '}
        <Identifier>{actor.id}</Identifier>
      </Text>
      <Group gap="xs" mt={4}>
        <Code dir="ltr">{record.action}</Code>
        <Text size="xs" c="dimmed">
          {record.sequence === null
            ? t('operations.unsealed')
            : t('operations.sequence', { sequence: formatNumber(record.sequence, language) })}
        </Text>
      </Group>
      {record.reason === null ? null : (
        <Text size="sm">
          <bdi>{record.reason}</bdi>
        </Text>
      )}
    </li>
  );
};
