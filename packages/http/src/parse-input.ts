import { type HttpContract, NOTHING } from '@quittance/contracts';
import { platformFail } from '@quittance/kernel';
import { type z } from 'zod';

export interface InputIssue {
  /** `body.address.country` */
  readonly path: string;
  readonly problem: string;
}

interface Received {
  readonly params: unknown;
  readonly query: unknown;
  readonly json: unknown;
  readonly rawBody: Buffer;
}

/**
 * Everything that came in, by the contract. Throws `platform.invalid_request` with all issues of all parts at once, or
 * `platform.invalid_cursor` where nothing but the place in a list is wrong.
 */
export const parseInput = (
  contract: HttpContract,
  received: Received,
): { readonly params: unknown; readonly query: unknown; readonly body: unknown } => {
  const issues: InputIssue[] = [];
  const part = (name: string, schema: z.ZodType, value: unknown): unknown => {
    // Most routes ask for nothing there, and are given nothing.
    if (schema === NOTHING && isEmpty(value)) return value;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    issues.push(...parsed.error.issues.flatMap((issue) => issuesOf(issue, [name])));
    return undefined;
  };
  const input = {
    params: part('params', contract.params, received.params),
    query: part('query', contract.query, received.query),
    body: bodyOf(contract, received, part),
  };
  if (issues.length > 0 && issues.every(({ path }) => path === 'query.after')) {
    throw platformFail('platform.invalid_cursor', '`after` is not a cursor of this list.', { details: { issues } });
  }
  if (issues.length > 0) {
    throw platformFail('platform.invalid_request', `The request does not match ${contract.name}.`, {
      details: { issues },
    });
  }
  return input;
};

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/**
 * Of a name that a caller chose, what it should be like, and of one of several shapes what is wrong with the nearest:
 * zod itself says of both only that they are invalid.
 */
const issuesOf = (issue: z.core.$ZodIssue, above: readonly PropertyKey[]): readonly InputIssue[] => {
  const path = [...above, ...issue.path];
  const nearest = issue.code === 'invalid_union' ? issue.errors.toSorted((a, b) => a.length - b.length)[0] : undefined;
  if (nearest !== undefined) return nearest.flatMap((inner) => issuesOf(inner, path));
  const problem =
    issue.code === 'invalid_key' ? `the name ${issue.issues.map(({ message }) => message).join(', ')}` : issue.message;
  return [{ path: path.join('.'), problem }];
};

const bodyOf = (
  contract: HttpContract,
  received: Received,
  part: (name: string, schema: z.ZodType, value: unknown) => unknown,
): unknown => {
  if (contract.body === 'none') return undefined;
  if (contract.body === 'raw') return received.rawBody;
  return part('body', contract.body, received.json);
};
