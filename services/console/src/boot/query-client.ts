import { QueryClient } from '@tanstack/react-query';

import { isApiProblem } from '../api/problem.ts';

const RETRIES_MAX = 2;

/** Worth another try: nobody answered, or a part of the platform was busy. A refusal stays a refusal. */
const isPassing = (error: unknown): boolean => isApiProblem(error) && (error.status === 0 || error.status >= 502);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < RETRIES_MAX && isPassing(error),
      staleTime: 10_000,
      refetchOnWindowFocus: false,
    },
  },
});
