import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Navigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { RequireSession } from '../auth/require-session.tsx';
import { useApp } from '../boot/app-context.ts';
import { EmptyNote } from '../ui/empty-note.tsx';
import { Page } from '../ui/page.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { RouterButton } from '../ui/router-link.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { NotBought } from './not-bought.tsx';

const route = getRouteApi('/checkout/cancelled');
/** The provider's word about a declined card may arrive just after the person does. */
const LOOK_AGAIN_MS = 1500;
const LOOKS_MAX = 5;

export const CancelledPage = () => {
  const { t } = useTranslation();
  const { session } = route.useSearch();
  return (
    <Page title={t('outcome.title')}>
      <RequireSession>
        {session === undefined ? (
          <EmptyNote
            title={t('common.notFoundTitle')}
            text={t('outcome.missing')}
            action={<RouterButton to="/">{t('outcome.toPricing')}</RouterButton>}
          />
        ) : (
          <Cancelled id={session} />
        )}
      </RequireSession>
    </Page>
  );
};

const Cancelled = ({ id }: { readonly id: string }) => {
  const { api } = useApp();
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['cancelled', id],
    staleTime: 0,
    gcTime: 0,
    queryFn: ({ signal }) => api.checkout(id, 0, signal),
    refetchInterval: ({ state: { data, dataUpdateCount } }) =>
      data?.status === 'open' && data.lastDecline === null && dataUpdateCount < LOOKS_MAX ? LOOK_AGAIN_MS : false,
  });
  if (query.data === undefined) {
    if (query.isError) return <ProblemNote error={query.error} onRetry={() => void query.refetch()} />;
    return <Waiting text={t('common.loading')} />;
  }
  // Paid after all, perhaps in another tab.
  if (query.data.status === 'completed') return <Navigate to="/checkout/return" search={{ session: id }} replace />;
  return <NotBought checkout={query.data} />;
};
