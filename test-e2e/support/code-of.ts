import { ApiProblem } from '@quittance/local';

/** The code a call was refused with, or `answered`. */
export const codeOf = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call;
    return 'answered';
  } catch (error) {
    if (error instanceof ApiProblem) return error.code;
    throw error;
  }
};
