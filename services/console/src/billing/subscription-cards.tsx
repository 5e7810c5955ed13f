import { Card, Group, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Subscription } from '../api/answers.ts';
import { formatNumber } from '../i18n/format.ts';
import { useIntervalText } from '../i18n/use-interval-text.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Amount } from '../ui/amount.tsx';
import { Facts } from '../ui/facts.tsx';
import { Moment } from '../ui/moment.tsx';
import { StatusBadge } from '../ui/status-badge.tsx';

export const SubscriptionCards = ({ subscriptions }: { readonly subscriptions: readonly Subscription[] }) => (
  <>
    {subscriptions.map((subscription) => (
      <SubscriptionCard key={subscription.id} subscription={subscription} />
    ))}
  </>
);

const SubscriptionCard = ({ subscription }: { readonly subscription: Subscription }) => {
  const { t } = useTranslation();
  const intervalText = useIntervalText();
  const language = useLanguage();
  const { currentPeriod, price, nextCharge } = subscription;
  const quantity = subscription.items[0]?.quantity ?? 1;
  const testId = `subscription-${subscription.productKey}-${subscription.planKey}`;
  return (
    <Card withBorder radius="lg" padding="lg" className="card" data-testid={testId}>
      <Group gap="md" mb="md">
        <Title order={3} size="h4">
          <bdi>{subscription.planName}</bdi>
        </Title>
        <StatusBadge status={subscription.status} testId={`${testId}-status`} />
      </Group>
      <Facts
        of={[
          [
            t('billing.price'),
            price.amount === 0 ? (
              t('money.free')
            ) : (
              <span key="price">
                <Amount money={price} />{' '}
                <Text span size="sm" c="dimmed">
                  {intervalText(subscription.interval)}
                </Text>
              </span>
            ),
          ],
          [t('invoice.quantity'), quantity > 1 ? formatNumber(quantity, language) : null],
          [
            t('billing.period'),
            currentPeriod === null ? null : (
              <span key="period">
                <Moment at={currentPeriod.start} as="day" />
                {currentPeriod.end === null ? null : (
                  <>
                    {' – '}
                    <Moment at={currentPeriod.end} as="day" />
                  </>
                )}
              </span>
            ),
          ],
          [
            t('billing.nextCharge'),
            nextCharge === null ? null : (
              <span key="next">
                <Amount money={nextCharge.amount} /> {' · '}
                <Moment at={nextCharge.at} as="day" />
                {nextCharge.withTax ? null : <> · {t('invoice.net')}</>}
              </span>
            ),
          ],
        ]}
      />
    </Card>
  );
};
