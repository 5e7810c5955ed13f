import { isDomainError } from '@quittance/kernel';

/** The code that it is refused with, or `nothing thrown`. */
export const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (isDomainError(error)) return error.code;
    throw error;
  }
  return 'nothing thrown';
};
