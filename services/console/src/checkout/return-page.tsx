import { Button, Card, Group, Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { RequireSession } from '../auth/require-session.tsx';
import { EmptyNote } from '../ui/empty-note.tsx';
import { Page } from '../ui/page.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { RouterButton } from '../ui/router-link.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { Bought } from './bought.tsx';
import { NotBought } from './not-bought.tsx';
import { useOutcome } from './use-outcome.ts';

const route = getRouteApi('/checkout/return');

export const ReturnPage = () => {
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
          <Outcome id={session} />
        )}
      </RequireSession>
    </Page>
  );
};

const Outcome = ({ id }: { readonly id: string }) => {
  const { checkout, error, late, checkAgain } = useOutcome(id);
  if (error !== null) return <ProblemNote error={error} onRetry={checkAgain} />;
  if (checkout?.status === 'completed') return <Bought checkout={checkout} />;
  if (checkout !== null && checkout.status !== 'open' && checkout.status !== 'opening')
    return <NotBought checkout={checkout} />;
  return <Pending late={late} onCheck={checkAgain} />;
};

const Pending = ({ late, onCheck }: { readonly late: boolean; readonly onCheck: () => void }) => {
  const { t } = useTranslation();
  return (
    <Card
      withBorder
      radius="lg"
      padding="xl"
      className="card"
      role="status"
      data-testid="checkout-status"
      data-status="pending"
    >
      {late ? (
        <Stack gap="sm" align="flex-start">
          <Text fw={600}>{t('outcome.pending')}</Text>
          <Text>{t('outcome.pendingText')}</Text>
          <Group>
            <Button variant="default" onClick={onCheck}>
              {t('outcome.checkAgain')}
            </Button>
          </Group>
        </Stack>
      ) : (
        <>
          <Waiting text={t('outcome.checking')} />
          <Text size="sm" c="dimmed">
            {t('outcome.checkingText')}
          </Text>
        </>
      )}
    </Card>
  );
};
