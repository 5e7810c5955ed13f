import { Button, Card, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Interval, Plan } from '../api/answers.ts';
import { useApp } from '../boot/app-context.ts';
import { orderOf } from '../boot/search.ts';
import { RouterButton } from '../ui/router-link.tsx';
import { Entitlements } from './entitlements.tsx';
import { PriceTag } from './price-tag.tsx';

interface PlanCardProps {
  readonly productKey: string;
  readonly plan: Plan;
  readonly currency: string;
  readonly interval: Interval;
}

export const PlanCard = ({ productKey, plan, currency, interval }: PlanCardProps) => {
  const testId = `plan-${productKey}-${plan.key}`;
  const headingId = `${testId}-name`;
  const price = plan.prices.find((candidate) => candidate.interval === interval) ?? plan.prices[0];
  return (
    <Card
      component="article"
      withBorder
      padding="lg"
      radius="lg"
      className="card plan"
      aria-labelledby={headingId}
      data-testid={testId}
    >
      <div>
        <Title order={3} size="h4" id={headingId}>
          {plan.name}
        </Title>
        <Text size="sm" c="dimmed">
          {plan.description}
        </Text>
      </div>
      <PriceTag plan={plan} price={price} wanted={interval} currency={currency} />
      <div>
        {plan.action === 'contact_sales' ? (
          <ContactButton plan={plan} testId={testId} headingId={headingId} />
        ) : (
          price !== undefined && (
            <RouterButton
              to="/checkout/$planId"
              params={{ planId: plan.planId }}
              search={orderOf(price)}
              aria-describedby={headingId}
              data-testid={`${testId}-action`}
              fullWidth
            >
              {plan.callToAction}
            </RouterButton>
          )
        )}
      </div>
      <Entitlements of={plan.entitlements} />
    </Card>
  );
};

interface ContactButtonProps {
  readonly plan: Plan;
  readonly testId: string;
  readonly headingId: string;
}

const ContactButton = ({ plan, testId, headingId }: ContactButtonProps) => {
  const { support } = useApp().config;
  const { t } = useTranslation();
  const address =
    support.email === null ? support.url : `mailto:${support.email}?subject=${encodeURIComponent(plan.name)}`;
  if (address === null) return <Text size="sm">{t('common.support')}</Text>;
  return (
    <Button
      component="a"
      href={address}
      variant="default"
      aria-describedby={headingId}
      data-testid={`${testId}-action`}
      fullWidth
    >
      {plan.callToAction}
    </Button>
  );
};
