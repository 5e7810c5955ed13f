import { type StripeCall } from './call.ts';
import { isRecord } from './params.ts';
import { lineItemsOf } from './sessions.ts';
import { invalidParam } from './stripe-error.ts';

const DEPTH_MAX = 4;

/** Replaces ids by the objects they name, along each path of `expand[]`. */
export const expandAnswer = async (call: StripeCall, answer: object, paths: readonly string[]): Promise<unknown> => {
  const copy: unknown = JSON.parse(JSON.stringify(answer));
  const ways = paths.map((path): Way => ({ path, steps: path.split('.') }));
  const tooDeep = ways.find(({ steps }) => steps.length > DEPTH_MAX);
  if (tooDeep !== undefined) throw cannotExpand(tooDeep.path);
  await expandNode(call, copy, ways);
  return copy;
};

interface Way {
  readonly path: string;
  /** What is left of it from here. */
  readonly steps: readonly string[];
}

/** What stands beside each other is asked for together. */
const expandNode = async (call: StripeCall, node: unknown, ways: readonly Way[]): Promise<void> => {
  const further = ways.filter(({ steps }) => steps.length > 0);
  const byStep = Map.groupBy(further, ({ steps }) => steps[0] ?? '');
  await Promise.all([...byStep].map(([step, through]) => expandStep(call, node, { step, through })));
};

const expandStep = async (
  call: StripeCall,
  node: unknown,
  { step, through }: { readonly step: string; readonly through: readonly Way[] },
): Promise<void> => {
  if (node === null) return;
  const path = through[0]?.path ?? step;
  const onward = through.map((way): Way => ({ ...way, steps: way.steps.slice(1) }));
  if (!isRecord(node)) throw cannotExpand(path);
  if (step === 'data' && Array.isArray(node['data'])) {
    for (const item of node['data']) await expandNode(call, item, onward);
    return;
  }
  const value =
    node['object'] === 'checkout.session' && step === 'line_items'
      ? await sessionLines(call, node)
      : await load(call, node[step]);
  if (value === undefined) throw cannotExpand(path);
  Object.assign(node, { [step]: value });
  await expandNode(call, value, onward);
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
