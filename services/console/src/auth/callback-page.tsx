import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useApp } from '../boot/app-context.ts';
import { Page } from '../ui/page.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { Waiting } from '../ui/waiting.tsx';

export const CallbackPage = () => {
  const { session } = useApp();
  const navigate = useNavigate();
  const { t } = useTranslation();
  const [problem, setProblem] = useState<unknown>(null);
  const started = useRef(false);

  useEffect(() => {
    // A code works once: a second run of this effect must not spend it again.
    if (started.current) return;
    started.current = true;
    session
      .complete()
      .then((returnTo) => navigate({ href: returnTo, replace: true }))
      .catch(setProblem);
  }, [session, navigate]);

  return (
    <Page title={t('common.signIn')}>
      {problem === null ? (
        <Waiting text={t('common.loading')} />
      ) : (
        <ProblemNote error={problem} login onRetry={() => void session.signIn('/').catch(setProblem)} />
      )}
    </Page>
  );
};
