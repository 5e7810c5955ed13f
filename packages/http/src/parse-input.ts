import { type HttpContract } from '@quittance/contracts';
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
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    issues.push(
      ...parsed.error.issues.map((issue) => ({ path: [name, ...issue.path].join('.'), problem: issue.message })),
    );
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

const bodyOf = (
  contract: HttpContract,
  received: Received,
  part: (name: string, schema: z.ZodType, value: unknown) => unknown,
): unknown => {
  if (contract.body === 'none') return undefined;
  if (contract.body === 'raw') return received.rawBody;
  return part('body', contract.body, received.json);
};
