import { type IncomingMessage, type MessageDefinition } from '@quittance/contracts';

/** One message type and what this service does with it. Made by `on`. */
export interface Binding {
  readonly definition: MessageDefinition;
  /** Parses `data` by the definition, then runs the handler.. */
  readonly prepare: (message: IncomingMessage<unknown>) => PreparedHandling;
}

type PreparedHandling =
  | { readonly valid: true; readonly run: () => Promise<void> }
  | { readonly valid: false; readonly reason: string };

/**
 * A row of a service's `messaging/bindings.ts`. The handler runs once per message (inbox), in any order and inside an
 * operation; it commits at most once and calls nobody outside. What it throws decides: `invalid`, `refused`,
 * `unauthenticated`, `forbidden` go to the dead letters, everything else is retried with growing delays.
 */
export const on = <Data>(
  definition: MessageDefinition<Data>,
  handler: (message: IncomingMessage<Data>) => Promise<void>,
): Binding => ({
  definition,
  prepare: (message) => {
    const parsed = definition.data.safeParse(message.data);
    if (!parsed.success) return { valid: false, reason: describeIssues(parsed.error.issues) };
    return { valid: true, run: () => handler({ ...message, data: parsed.data }) };
  },
});

const ISSUES_MAX = 5;

const describeIssues = (
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): string =>
  issues
    .slice(0, ISSUES_MAX)
    .map((issue) => `data.${issue.path.map(String).join('.')}: ${issue.message}`)
    .join('; ');
