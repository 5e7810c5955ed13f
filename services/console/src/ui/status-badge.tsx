import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { en } from '../i18n/en.ts';

type Status = keyof typeof en.status;

const GOOD: readonly Status[] = ['active', 'trialing', 'paid', 'completed', 'succeeded'];
const BAD: readonly Status[] = ['past_due', 'suspended', 'failed', 'denied', 'disputed'];

const colorOf = (status: Status): string => {
  if (GOOD.includes(status)) return 'teal';
  return BAD.includes(status) ? 'red' : 'gray';
};

interface StatusBadgeProps {
  readonly status: Status;
  readonly testId?: string;
}

export const StatusBadge = ({ status, testId }: StatusBadgeProps) => {
  const { t } = useTranslation();
  return (
    <Badge variant="light" color={colorOf(status)} tt="none" size="lg" data-testid={testId} data-status={status}>
      {t(`status.${status}`)}
    </Badge>
  );
};
