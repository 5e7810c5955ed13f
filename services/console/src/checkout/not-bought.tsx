import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Checkout } from '../api/answers.ts';
import { RouterButton } from '../ui/router-link.tsx';
import { forgetAttempts } from './attempt.ts';
import { FailureReason } from './failure-reason.tsx';

/** Says politely what happened, that nothing was charged, and how to go on. */
export const NotBought = ({ checkout }: { readonly checkout: Checkout }) => {
  const { t } = useTranslation();
  const decline = checkout.lastDecline;
  return (
    <Card withBorder radius="lg" padding="xl" className="card">
      <Stack gap="lg">
        <div
          role="status"
          data-testid="checkout-status"
          data-status={decline === null ? checkout.status : 'declined'}
          data-reason={decline?.reason}
        >
          <Title order={2} size="h3" mb={6}>
            {t(`outcome.${whatHappened(checkout)}`)}
          </Title>
          {decline === null ? null : <Text>{t(`decline.${decline.reason}`)}</Text>}
          <Text>{t('outcome.notCharged')}</Text>
          <FailureReason failure={checkout.failure} />
        </div>
        <Group>
          <TryAgain checkout={checkout} />
          <RouterButton to="/" variant="default" data-testid="other-plan">
            {t('outcome.otherPlan')}
          </RouterButton>
        </Group>
      </Stack>
    </Card>
  );
};

const whatHappened = ({ status, lastDecline }: Checkout) => {
  if (lastDecline !== null) return 'declined';
  return status === 'expired' || status === 'failed' || status === 'superseded' ? status : 'cancelled';
};

/** The same order while it can still be paid, so that it is never paid twice; else a new one. */
const TryAgain = ({ checkout }: { readonly checkout: Checkout }) => {
  const { t } = useTranslation();
  if (checkout.status === 'open' && checkout.payUrl !== null) {
    return (
      <Button component="a" href={checkout.payUrl} data-testid="try-again">
        {t('outcome.tryAgain')}
      </Button>
    );
  }
  return (
    <RouterButton
      to="/checkout/$planId"
      params={{ planId: checkout.planId }}
      search={{ interval: checkout.interval, currency: checkout.dueNow?.total.currency ?? 'USD' }}
      onClick={forgetAttempts}
      data-testid="try-again"
    >
      {t('outcome.tryAgain')}
    </RouterButton>
  );
};
