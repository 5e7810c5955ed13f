import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useApp, useUser } from '../boot/app-context.ts';
import { ProblemNote } from '../ui/problem-note.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { currentPath } from './session.ts';

/** Shows its children to somebody who is logged in; takes everybody else through AuthGate and back to this address. */
export const RequireSession = ({ children }: { readonly children: ReactNode }) => {
  const { session } = useApp();
  const user = useUser();
  const { t } = useTranslation();
  const [problem, setProblem] = useState<unknown>(null);
  const signedOut = user === null;

  useEffect(() => {
    if (signedOut && problem === null) session.signIn(currentPath()).catch(setProblem);
  }, [signedOut, problem, session]);

  if (!signedOut) return children;
  if (problem !== null) return <ProblemNote error={problem} login onRetry={() => setProblem(null)} />;
  return <Waiting text={t('checkout.signingIn')} />;
};
