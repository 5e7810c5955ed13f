import { type StripeCall } from './call.ts';
import { isRecord } from './params.ts';
import { lineItemsOf } from './sessions.ts';
import { invalidParam } from './stripe-error.ts';

const DEPTH_MAX = 4;

/** Replaces ids by the objects they name, along each path of `expand[]`. */
export const expandAnswer = async (call: StripeCall, answer: object, paths: readonly string[]): Promise<unknown> => {
  const copy: unknown = JSON.parse(JSON.stringify(answer));
  for (const path of paths) {
    const steps = path.split('.');
    if (steps.length > DEPTH_MAX) throw cannotExpand(path);
    await expandPath(call, copy, { path, steps });
  }
  return copy;
};

interface Way {
  readonly path: string;
  readonly steps: readonly string[];
}

const expandPath = async (call: StripeCall, node: unknown, { path, steps }: Way): Promise<void> => {
  const [step, ...rest] = steps;
  if (step === undefined || node === null) return;
  if (!isRecord(node)) throw cannotExpand(path);
  if (step === 'data' && Array.isArray(node['data'])) {
    for (const item of node['data']) await expandPath(call, item, { path, steps: rest });
    return;
  }
  const value =
    node['object'] === 'checkout.session' && step === 'line_items'
      ? await sessionLines(call, node)
      : await load(call, node[step]);
  if (value === undefined) throw cannotExpand(path);
  Object.assign(node, { [step]: value });
  await expandPath(call, value, { path, steps: rest });
};

/** The object of an id; null stays null; undefined says that there is nothing to expand. */
const load = async (call: StripeCall, value: unknown): Promise<unknown> => {
  if (value === null || isRecord(value)) return value;
  if (typeof value !== 'string') return undefined;
  const rows = await call.tx.query<{ body: unknown }>('SELECT body FROM stripe_objects WHERE id = $1', [value]);
  return rows[0]?.body;
};

const sessionLines = (call: StripeCall, session: Readonly<Record<string, unknown>>): Promise<unknown> =>
  lineItemsOf(call, String(session['id']));

const cannotExpand = (path: string): Error =>
  invalidParam('expand', `This property cannot be expanded (${path}).`, 'parameter_invalid_value');
