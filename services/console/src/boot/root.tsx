import { DirectionProvider, MantineProvider, useDirection } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';

import { directionOf } from '../i18n/languages.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { cssVariables, theme } from '../theme.ts';
import { type App, AppContext } from './app-context.ts';
import { queryClient } from './query-client.ts';
import { router } from './router.tsx';

/** The nonce the server put on the page, for the style element Mantine writes. */
const styleNonce = (): string => {
  const meta = document.querySelector('meta[property="csp-nonce"]');
  return meta instanceof HTMLMetaElement ? meta.nonce : '';
};

export const Root = ({ app }: { readonly app: App }) => (
  <AppContext value={app}>
    <DirectionProvider initialDirection={directionOf(useLanguage())} detectDirection={false}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        forceColorScheme="light"
        getStyleNonce={styleNonce}
      >
        <DirectionFollowsLanguage />
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </DirectionProvider>
  </AppContext>
);

const DirectionFollowsLanguage = () => {
  const direction = directionOf(useLanguage());
  const { setDirection } = useDirection();
  useEffect(() => setDirection(direction), [direction, setDirection]);
  return null;
};
