import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { isApiProblem } from '../api/problem.ts';
import { RequireSession } from '../auth/require-session.tsx';
import { useApp } from '../boot/app-context.ts';
import { EmptyNote } from '../ui/empty-note.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { RouterButton } from '../ui/router-link.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { Counts } from './counts.tsx';

/**
 * Opens for tokens the gateway lets read everybody's billing. Asked first, because the same routes answer a customer
 * with their own payments, which would look like the whole list.
 */
export const OperatorsOnly = ({ children }: { readonly children: ReactNode }) => (
  <RequireSession>
    <Gate>{children}</Gate>
  </RequireSession>
);

const Gate = ({ children }: { readonly children: ReactNode }) => {
  const { api } = useApp();
  const { t } = useTranslation();
  const attention = useQuery({ queryKey: ['attention'], queryFn: ({ signal }) => api.attention(signal) });
  if (attention.data !== undefined) {
    return (
      <Stack gap="xl">
        <Counts attention={attention.data} />
        {children}
      </Stack>
    );
  }
  if (!attention.isError) return <Waiting text={t('common.loading')} />;
  if (isApiProblem(attention.error) && attention.error.status === 403) {
    return (
      <EmptyNote
        title={t('operations.forbiddenTitle')}
        text={t('operations.forbiddenText')}
        action={<RouterButton to="/billing">{t('common.billing')}</RouterButton>}
      />
    );
  }
  return <ProblemNote error={attention.error} onRetry={() => void attention.refetch()} />;
};
