import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import type { Checkout } from '../api/answers.ts';
import { isApiProblem } from '../api/problem.ts';
import { useApp } from '../boot/app-context.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { attemptFor, type Wish } from './attempt.ts';

const PAUSE_MS = 250;
/** The first request with this key may still be running, for instance after a reload: it is waited for. */
const RETRY_MS = 1000;
const RETRIES_MAX = 8;
const SLOW_AFTER_MS = 12_000;

const isOver = (checkout: Checkout): boolean =>
  checkout.status === 'expired' || checkout.status === 'failed' || checkout.status === 'superseded';

const mayStillAnswer = (error: unknown): boolean =>
  isApiProblem(error) &&
  (error.status === 0 || error.status >= 502 || error.code === 'platform.idempotency_in_progress');

/** Creates the checkout of a wish (once, however often the page is loaded) and follows it until it can be paid. */
export const useCheckout = (wish: Wish, startOver: () => void) => {
  const { api } = useApp();
  const language = useLanguage();
  const [{ attempt, reused }] = useState(() => attemptFor(wish, language));

  const created = useQuery({
    queryKey: ['new-checkout', attempt.key],
    queryFn: () => api.createCheckout(attempt.body, attempt.key),
    staleTime: Number.POSITIVE_INFINITY,
    retryDelay: RETRY_MS,
    retry: (failures, error) => failures < RETRIES_MAX && mayStillAnswer(error),
  });
  const id = created.data?.id ?? '';
  const current = useQuery({
    queryKey: ['checkout', id],
    enabled: id !== '',
    staleTime: 0,
    queryFn: ({ signal, client, queryKey }) => {
      const known = client.getQueryData<Checkout>(queryKey);
      return api.checkout(id, known?.status === 'opening' ? 5 : 0, signal);
    },
    refetchInterval: ({ state }) => (state.data?.status === 'opening' ? PAUSE_MS : false),
  });

  // An attempt found in this tab may have ended meanwhile; the person came to buy, so a new one begins.
  const deadOnArrival = reused && current.data !== undefined && isOver(current.data);
  useEffect(() => {
    if (deadOnArrival) startOver();
  }, [deadOnArrival, startOver]);

  const checkout = deadOnArrival ? null : (current.data ?? created.data ?? null);
  const ready = checkout !== null && checkout.status !== 'opening';
  return {
    checkout,
    over: checkout !== null && isOver(checkout),
    slow: useIsSlow(!ready),
    error: created.error ?? (current.data === undefined ? current.error : null),
  };
};

const useIsSlow = (waiting: boolean): boolean => {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!waiting) return undefined;
    const timer = setTimeout(() => setSlow(true), SLOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, [waiting]);
  return waiting && slow;
};
