import type { HandoffSession } from '../api/answers.ts';
import type { Api } from '../api/api.ts';
import { ApiProblem } from '../api/problem.ts';

const PLACE = 'quittance.handoff';
const FRAGMENT = /^#([A-Za-z0-9_-]{43})$/;

/** Kept until the platform has answered, for a second try after a broken connection. */
let code: string | null = null;

/**
 * The session of the link that brought this browser here. The code leaves the address bar at once; what it was traded
 * for stays in this tab, so that a reload, or the way back from the payment page, finds it again.
 */
export const openHandoff = async (api: Api): Promise<HandoffSession> => {
  code = takeCode() ?? code;
  const stored = storedSession();
  if (code === null && stored !== null) return stored;
  if (code === null) throw new ApiProblem({ status: 422, code: 'gateway.handoff_spent' });
  const session = await api.useHandoff(code);
  code = null;
  sessionStorage.setItem(PLACE, JSON.stringify(session));
  return session;
};

const takeCode = (): string | null => {
  const found = FRAGMENT.exec(globalThis.location.hash)?.[1] ?? null;
  if (found !== null) globalThis.history.replaceState(globalThis.history.state, '', globalThis.location.pathname);
  return found;
};

const storedSession = (): HandoffSession | null => {
  const text = sessionStorage.getItem(PLACE);
  const value: unknown = text === null ? null : JSON.parse(text);
  return isSession(value) && Date.parse(value.expiresAt) > Date.now() ? value : null;
};

const isSession = (value: unknown): value is HandoffSession =>
  typeof value === 'object' && value !== null && 'session' in value && 'expiresAt' in value;
