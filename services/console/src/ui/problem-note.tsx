import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { type ApiProblem, isApiProblem } from '../api/problem.ts';

/** The platform's own codes in the reader's language; a service's are shown as it words them. */
const TRANSLATED = {
  'platform.unauthenticated': 'unauthenticated',
  'platform.forbidden': 'forbidden',
  'platform.not_found': 'not_found',
  'platform.rate_limited': 'rate_limited',
  'platform.unavailable': 'unavailable',
  'platform.internal': 'internal',
  'console.unreachable': 'unreachable',
  'console.unexpected_answer': 'unexpected',
} as const;

const isTranslated = (code: string): code is keyof typeof TRANSLATED => code in TRANSLATED;

interface ProblemNoteProps {
  readonly error: unknown;
  /** It happened while logging in, where the issuer's own words help nobody. */
  readonly login?: boolean;
  readonly onRetry?: () => void;
}

/** What went wrong and what to do about it. */
export const ProblemNote = ({ error, login = false, onRetry }: ProblemNoteProps) => {
  const { t } = useTranslation();
  const problem = isApiProblem(error) ? error : null;
  const { title, remedy, foreign } = useWords(problem, login);
  return (
    <Alert
      variant="light"
      color="red"
      icon={<IconAlertTriangle aria-hidden />}
      title={<span {...foreign}>{title}</span>}
      role="alert"
      data-testid="problem"
      data-code={problem?.code}
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm" {...foreign}>
          {remedy}
        </Text>
        {problem === null ? null : (
          <Group gap="xs" className="small-print">
            <Text size="xs">{t('problem.code')}</Text>
            <Code dir="ltr">{problem.code}</Code>
            {problem.instance === null ? null : (
              <>
                <Text size="xs">{t('problem.instance')}</Text>
                <Code dir="ltr">{problem.instance}</Code>
              </>
            )}
          </Group>
        )}
        {onRetry === undefined ? null : (
          <Button size="sm" variant="default" onClick={onRetry}>
            {t('common.tryAgain')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
};

const useWords = (problem: ApiProblem | null, login: boolean) => {
  const { t } = useTranslation();
  if (login) return { title: t('problem.login.title'), remedy: t('problem.login.remedy'), foreign: {} };
  if (problem !== null && !isTranslated(problem.code) && problem.title !== null) {
    // English from the service: marked as such, for readers of other languages and their screen readers.
    return { title: problem.title, remedy: problem.remedy ?? '', foreign: { lang: 'en', dir: 'auto' } as const };
  }
  const key = problem !== null && isTranslated(problem.code) ? TRANSLATED[problem.code] : 'internal';
  return { title: t(`problem.${key}.title`), remedy: t(`problem.${key}.remedy`), foreign: {} };
};
