import { Anchor, Badge, Button, Container, Group, Text } from '@mantine/core';
import { Link, Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { looksLikeOperator } from '../auth/operator-hint.ts';
import { currentPath } from '../auth/session.ts';
import { useApp, useUser } from '../boot/app-context.ts';
import { LanguageSwitch } from './language-switch.tsx';
import { RouterAnchor } from './router-link.tsx';

const WIDTH = 1140;

/** What surrounds every page. */
export const Shell = () => {
  const { t } = useTranslation();
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t('common.skip')}
      </a>
      <Header />
      <Container component="main" id="content" size={WIDTH} w="100%" py="xl" className="content" tabIndex={-1}>
        <Outlet />
      </Container>
      <Footer />
    </div>
  );
};

const Header = () => {
  const { config } = useApp();
  const user = useUser();
  const { t } = useTranslation();
  return (
    <header className="header">
      <Container size={WIDTH} className="header-row">
        <Link to="/" className="brand">
          <img src="/icons/favicon.svg" alt="" width={32} height={32} />
          <span>{t('common.product')}</span>
        </Link>
        <nav aria-label={t('common.menu')} className="nav">
          <Link to="/" activeOptions={{ exact: true }}>
            {t('common.pricing')}
          </Link>
          <Link to="/billing">{t('common.billing')}</Link>
          {looksLikeOperator(user) ? <Link to="/payments">{t('common.payments')}</Link> : null}
        </nav>
        {config.mode === 'sandbox' ? (
          <Badge variant="light" color="orange" tt="none" className="sandbox" data-testid="sandbox">
            {t('common.sandbox')}
          </Badge>
        ) : null}
        <Group gap="sm" className="header-end">
          <LanguageSwitch />
          <Account />
        </Group>
      </Container>
    </header>
  );
};

const Account = () => {
  const { session } = useApp();
  const user = useUser();
  const { t } = useTranslation();
  if (user === null) {
    return (
      <Button variant="default" data-testid="sign-in" onClick={() => void session.signIn(currentPath())}>
        {t('common.signIn')}
      </Button>
    );
  }
  const name = user.profile.name ?? user.profile.email ?? user.profile.sub;
  return (
    <Group gap="xs" wrap="nowrap">
      <Text size="sm" className="who" title={t('common.signedInAs', { name })} data-testid="signed-in-as">
        <bdi>{name}</bdi>
      </Text>
      <Button variant="default" data-testid="sign-out" onClick={() => void session.signOut()}>
        {t('common.signOut')}
      </Button>
    </Group>
  );
};

const Footer = () => {
  const { config } = useApp();
  const { t } = useTranslation();
  const support = config.support.url ?? (config.support.email === null ? null : `mailto:${config.support.email}`);
  return (
    <footer className="footer">
      <Container size={WIDTH} className="footer-row">
        <Text size="sm" c="dimmed">
          {t('common.timeZone', { zone: new Intl.DateTimeFormat().resolvedOptions().timeZone })}
        </Text>
        <Group gap="lg">
          {support === null ? null : (
            <Anchor href={support} size="sm">
              {t('common.support')}
            </Anchor>
          )}
          <RouterAnchor to="/payments" size="sm">
            {t('common.operators')}
          </RouterAnchor>
        </Group>
      </Container>
    </footer>
  );
};
