import { Alert, Anchor, Card, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';

import type { Checkout, HandoffSession } from '../api/answers.ts';
import { isApiProblem } from '../api/problem.ts';
import { useApp } from '../boot/app-context.ts';
import { DueNowSummary } from '../checkout/due-now-summary.tsx';
import { FailureReason } from '../checkout/failure-reason.tsx';
import { Pay } from '../checkout/pay.tsx';
import { isLanguage } from '../i18n/languages.ts';
import { switchLanguage } from '../i18n/setup.ts';
import { Page } from '../ui/page.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { openHandoff } from './handoff-session.ts';

const PAUSE_MS = 250;

/** Where a hand-off link leads: the order another service has put together, ready to be paid without a login. */
export const HandoffPage = () => {
  const { api } = useApp();
  const { t } = useTranslation();
  const opened = useQuery({
    queryKey: ['handoff'],
    queryFn: () => openHandoff(api),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  useLanguageOf(opened.data);

  return (
    <Page title={t('checkout.title')}>
      {opened.error !== null ? (
        <NotOpened error={opened.error} onRetry={() => void opened.refetch()} />
      ) : opened.data === undefined ? (
        <Waiting text={t('checkout.opening')} />
      ) : (
        <HandedOrder session={opened.data} />
      )}
    </Page>
  );
};

/** The service that made the link knows its reader’s language; a choice made here later counts more. */
const useLanguageOf = (session: HandoffSession | undefined): void => {
  const { config } = useApp();
  const asked = session?.language?.split('-')[0];
  useEffect(() => {
    const language = config.languages.find((offered) => offered === asked);
    if (isLanguage(language)) void switchLanguage(language);
  }, [asked, config.languages]);
};

const NotOpened = ({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) => {
  const { t } = useTranslation();
  if (!isApiProblem(error) || error.code !== 'gateway.handoff_spent')
    return <ProblemNote error={error} onRetry={onRetry} />;
  return (
    <Alert color="orange" variant="light" role="alert" title={t('handoff.spent')} data-testid="handoff-spent">
      <Text size="sm">{t('handoff.spentText')}</Text>
    </Alert>
  );
};

const HandedOrder = ({ session }: { readonly session: HandoffSession }) => {
  const { api } = useApp();
  const { t } = useTranslation();
  const { data: checkout, error } = useQuery({
    queryKey: ['handoff-checkout', session.session],
    queryFn: ({ signal }) => api.handoffCheckout(session.session, signal),
    refetchInterval: ({ state }) => (state.data?.status === 'opening' ? PAUSE_MS : false),
  });
  const done = checkout?.status === 'completed' ? checkout.id : null;
  useEffect(() => {
    if (done !== null) globalThis.location.replace(session.successUrl.replaceAll('{CHECKOUT_SESSION_ID}', done));
  }, [done, session.successUrl]);

  const back = session.cancelUrl.replaceAll('{CHECKOUT_SESSION_ID}', checkout?.id ?? '');
  return (
    <Stack gap="lg">
      {error !== null && checkout === undefined ? (
        <ProblemNote error={error} />
      ) : (
        <OrderOf checkout={checkout ?? null}>
          <Anchor href={back} size="sm" data-testid="handoff-back">
            {t('handoff.back')}
          </Anchor>
        </OrderOf>
      )}
    </Stack>
  );
};

const OrderOf = ({ checkout, children }: { readonly checkout: Checkout | null; readonly children: ReactNode }) => {
  const { t } = useTranslation();
  if (checkout !== null && ['expired', 'failed', 'superseded'].includes(checkout.status)) {
    return (
      <Alert
        color="orange"
        variant="light"
        title={t('checkout.stale')}
        data-testid="checkout-status"
        data-status={checkout.status}
      >
        <Stack gap="sm">
          <Text size="sm">{t('handoff.staleText')}</Text>
          <FailureReason failure={checkout.failure} />
          {children}
        </Stack>
      </Alert>
    );
  }
  return (
    <div className="two-columns">
      <Card withBorder radius="lg" padding="lg" className="card">
        {checkout === null || checkout.dueNow === null || checkout.status !== 'open' ? (
          <Waiting text={t('checkout.opening')} />
        ) : (
          <DueNowSummary planName={checkout.planName} interval={checkout.interval} dueNow={checkout.dueNow} />
        )}
      </Card>
      <Stack gap="lg">
        {checkout?.status === 'open' ? <Pay checkout={checkout} /> : null}
        {children}
      </Stack>
    </div>
  );
};
