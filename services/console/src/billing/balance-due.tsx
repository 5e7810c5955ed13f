import { Card, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Balance } from '../api/answers.ts';
import { Amount } from '../ui/amount.tsx';

/** What is owed, by currency; the part that is too little to collect waits for the next invoice. */
export const BalanceDue = ({ balances }: { readonly balances: readonly Balance[] }) => {
  const { t } = useTranslation();
  return (
    <Card withBorder radius="lg" padding="lg" className="card" data-testid="balance-due">
      <Stack gap="sm">
        {balances.map(({ due, carried }) => (
          <div key={due.currency}>
            <strong>
              <Amount money={due} />
            </strong>
            {carried.amount === 0 ? null : (
              <Text size="sm" c="dimmed">
                {t('billing.carriedOfIt')} <Amount money={carried} />
              </Text>
            )}
          </div>
        ))}
      </Stack>
    </Card>
  );
};
