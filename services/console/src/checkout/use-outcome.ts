import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';

import type { Checkout } from '../api/answers.ts';
import { useApp } from '../boot/app-context.ts';

const PAUSE_MS = 300;
/** Long polls of up to 5 s: two minutes or so, then only when the person asks. */
const ROUNDS_MAX = 24;
/** By then the provider's message should have come; ask the provider itself. */
const VERIFY_AT_ROUND = 2;

const isSettled = (checkout: Checkout | undefined): boolean =>
  checkout !== undefined && checkout.status !== 'opening' && checkout.status !== 'open';

/** What became of a checkout somebody comes back from: look, wait a little, ask the provider, wait on. */
export const useOutcome = (id: string) => {
  const { api } = useApp();
  const round = useRef(0);
  const query = useQuery({
    queryKey: ['outcome', id],
    staleTime: 0,
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const current = round.current;
      round.current = current + 1;
      const verify = current === VERIFY_AT_ROUND;
      const checkout = await (verify
        ? api.verifyCheckout(id, signal)
        : api.checkout(id, current === 0 ? 0 : 5, signal));
      return { checkout, late: current >= VERIFY_AT_ROUND };
    },
    refetchInterval: ({ state }) => (isSettled(state.data?.checkout) || round.current >= ROUNDS_MAX ? false : PAUSE_MS),
  });
  return {
    checkout: query.data?.checkout ?? null,
    error: query.data === undefined ? query.error : null,
    /** The provider has been asked and knows of no payment yet. */
    late: query.data?.late ?? false,
    checkAgain: () => {
      round.current = VERIFY_AT_ROUND;
      void query.refetch();
    },
  };
};
