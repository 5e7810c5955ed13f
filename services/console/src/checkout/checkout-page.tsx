import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { RequireSession } from '../auth/require-session.tsx';
import { Page } from '../ui/page.tsx';
import { forgetAttempt } from './attempt.ts';
import { chosenCountry, rememberCountry } from './countries.ts';
import { Order } from './order.tsx';

const route = getRouteApi('/checkout/$planId');

export const CheckoutPage = () => {
  const { t } = useTranslation();
  return (
    <Page title={t('checkout.title')}>
      <RequireSession>
        <CurrentOrder />
      </RequireSession>
    </Page>
  );
};

const CurrentOrder = () => {
  const { planId } = route.useParams();
  const { interval, currency, country: ofPrice, quantity = 1 } = route.useSearch();
  const navigate = route.useNavigate();
  // The price on the card was that country's; here it may still be changed, and the price with it.
  const [country, setCountry] = useState(() => ofPrice ?? chosenCountry());
  const [generation, setGeneration] = useState(0);
  const startOver = useCallback(() => {
    forgetAttempt({ planId, interval, currency, country, quantity });
    setGeneration((before) => before + 1);
  }, [planId, interval, currency, country, quantity]);

  return (
    <Order
      // Another wish, or a new start, is another order with a life of its own.
      key={[planId, interval, currency, country, quantity, generation].join('.')}
      wish={{ planId, interval, currency, country, quantity }}
      onStartOver={startOver}
      onCountry={(next) => {
        rememberCountry(next);
        setCountry(next);
      }}
      onQuantity={(next) => {
        void navigate({ search: (before) => ({ ...before, quantity: next }), replace: true });
      }}
    />
  );
};
