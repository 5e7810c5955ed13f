import { platformFail } from '@quittance/kernel';
import { holdsCardNumber } from '@quittance/runtime';

const DEPTH_MAX = 32;

/**
 * Refuses what no field may hold, before anything else looks at it: card numbers (named by path, never repeated), NUL
 * and lone surrogates, which PostgreSQL or JSON elsewhere would choke on. Keys are looked at like values; `__proto__`
 * is no key of anybody's, and a schema would drop it without a word.
 */
export const screenInput = (value: unknown, path: string, depth = 0): void => {
  if (typeof value === 'string') return screenText(value, path);
  // No amount of ours has as many digits as a card number; a fraction behind one hides nothing.
  if (typeof value === 'number') return refuseCardNumber(String(Math.trunc(value)), path);
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === DEPTH_MAX) throw invalid(path, `is nested deeper than ${DEPTH_MAX} levels`);
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) screenName(key, path);
    screenInput(inner, `${path}.${key}`, depth + 1);
  }
  return undefined;
};

const screenName = (name: string, path: string): void => {
  screenText(name, `${path}.(a field name)`);
  if (name === '__proto__') throw invalid(`${path}.${name}`, 'is not a name a field may have');
};

const screenText = (text: string, path: string): void => {
  refuseCardNumber(text, path);
  if (text.includes('\0') || !text.isWellFormed()) throw invalid(path, 'is not well-formed text');
};

const refuseCardNumber = (text: string, path: string): void => {
  if (!holdsCardNumber(text)) return;
  throw platformFail('platform.card_number_refused', `${path} holds what looks like a card number.`, {
    details: { path },
  });
};

const invalid = (path: string, problem: string) =>
  platformFail('platform.invalid_request', `${path} ${problem}.`, { details: { issues: [{ path, problem }] } });
