import { QuittanceError } from './quittance-error.ts';

/** As long as a timer can wait. */
const TIMEOUT_MAX_MS = 2 ** 31 - 1;

interface Attempts {
  readonly timeoutMs?: number | undefined;
  readonly retriesMax?: number | undefined;
}

/** What a program gave us that can never work, told where it was given: kept silent, it would pass for an outage. */
export const invalidArgument = (message: string): QuittanceError =>
  new QuittanceError({
    code: 'client.invalid_argument',
    message,
    remedy: 'Correct what your program gives to the client: asking again will not help.',
  });

/** @throws QuittanceError client.invalid_argument */
export const requireAddress = (name: string, value: string): void => {
  if (isAddress(value)) return;
  throw invalidArgument(`${name} must be http(s), without user, query and fragment, like https://billing.example.`);
};

/** @throws QuittanceError client.invalid_argument */
export const requireAttempts = ({ timeoutMs, retriesMax }: Attempts): void => {
  if (timeoutMs !== undefined && !(timeoutMs > 0 && timeoutMs <= TIMEOUT_MAX_MS)) {
    throw invalidArgument('timeoutMs must be a number of milliseconds above 0.');
  }
  if (retriesMax !== undefined && !(Number.isSafeInteger(retriesMax) && retriesMax >= 0)) {
    throw invalidArgument('retriesMax must be a whole number from 0 on.');
  }
};

const isAddress = (value: string): boolean => {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && `${username}${password}` === '' && !/[?#]/.test(value);
};
