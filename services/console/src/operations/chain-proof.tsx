import { Alert, Text } from '@mantine/core';
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { useApp } from '../boot/app-context.ts';
import { formatNumber } from '../i18n/format.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Moment } from '../ui/moment.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { Waiting } from '../ui/waiting.tsx';

const LOOK_AGAIN_MS = 2000;

/** Whether the audit chain holds, recomputed now. */
export const ChainProof = () => {
  const { api } = useApp();
  const { t } = useTranslation();
  const language = useLanguage();
  const proof = useQuery({
    queryKey: ['chain'],
    staleTime: 0,
    queryFn: ({ signal }) => api.verifyChain(signal),
    // Records are sealed within two seconds: a fresh purchase is soon in the chain.
    refetchInterval: ({ state }) => (state.data !== undefined && state.data.unsealed > 0 ? LOOK_AGAIN_MS : false),
  });
  if (proof.data === undefined) {
    if (proof.isError) return <ProblemNote error={proof.error} onRetry={() => void proof.refetch()} />;
    return <Waiting text={t('common.loading')} />;
  }
  const { valid, verifiedUpTo, unsealed, firstProblem, verifiedAt } = proof.data;
  return (
    <Alert
      variant="light"
      color={valid ? 'teal' : 'red'}
      icon={valid ? <IconShieldCheck aria-hidden /> : <IconShieldX aria-hidden />}
      title={valid ? t('operations.chainValid') : t('operations.chainBroken')}
      data-testid="chain-badge"
      data-valid={valid}
    >
      <Text size="sm">
        {firstProblem === null
          ? t('operations.chainValidText', { sequence: formatNumber(verifiedUpTo, language) })
          : t('operations.chainBrokenText', {
              sequence: formatNumber(firstProblem.sequence, language),
              problem: firstProblem.problem,
            })}
      </Text>
      {unsealed === 0 ? null : <Text size="sm">{t('plural.unsealedRecords', { count: unsealed })}</Text>}
      <Text size="xs" component="div">
        <Moment at={verifiedAt} as="second" />
      </Text>
    </Alert>
  );
};
