import { type IncomingMessage, type MessageDefinition } from '@quittance/contracts';

/** One message type and what this service does with it. Made by `on` or `onBatch`. */
export interface Binding {
  readonly definition: MessageDefinition;
  /** Parses `data` by the definition; what it found valid can be run. */
  readonly prepare: (message: IncomingMessage<unknown>) => PreparedHandling;
  /** Only of `onBatch`: handles together what `prepare` found valid. */
  readonly runTogether?: (prepared: readonly ValidHandling[]) => Promise<void>;
  /** What nobody waits for may lie this long, and be taken with what comes meanwhile. */
  readonly lingerMs?: number;
}

export interface ValidHandling {
  readonly valid: true;
  /** Of a batch binding: handled by itself all the same. */
  readonly alone?: true;
  readonly run: () => Promise<void>;
}

type PreparedHandling = ValidHandling | { readonly valid: false; readonly reason: string };

/**
 * A row of a service's `messaging/bindings.ts`. The handler runs once per message (inbox), in any order and inside an
 * operation; it commits at most once and calls nobody outside. What it throws decides: `invalid`, `refused`,
 * `unauthenticated`, `forbidden` go to the dead letters, everything else is retried with growing delays.
 */
export const on = <Data>(
  definition: MessageDefinition<Data>,
  handler: (message: IncomingMessage<Data>) => Promise<void>,
  { lingerMs = 0 }: Pick<Binding, 'lingerMs'> = {},
): Binding => ({
  definition,
  lingerMs,
  prepare: (message) => {
    const parsed = parse(definition, message);
    return parsed.valid ? { valid: true, run: () => handler(parsed.message) } : parsed;
  },
});

/**
 * As `on`, for consumers that only store: one run, and one commit, for all that has arrived while the former run was
 * under way. Each message still takes effect once: their inbox rows go with the commit, and what was handled before is
 * not among them. When a run fails, its messages are handled one by one, so that one of them cannot hold the others.
 * The operation of a batch has no actor and no purchase of its own: whoever commits for several messages says with each
 * change what caused it (`Commit.cause`, `Commit.correlationId`).
 */
export const onBatch = <Data>(
  definition: MessageDefinition<Data>,
  handler: (messages: readonly IncomingMessage<Data>[]) => Promise<void>,
  { alone, lingerMs = 0 }: BatchOptions<Data> = {},
): Binding => {
  const messageOf = new WeakMap<ValidHandling, IncomingMessage<Data>>();
  return {
    definition,
    lingerMs,
    prepare: (message) => {
      const parsed = parse(definition, message);
      if (!parsed.valid) return parsed;
      if (alone?.when(parsed.message) === true) {
        return { valid: true, alone: true, run: () => alone.handler(parsed.message) };
      }
      const prepared: ValidHandling = { valid: true, run: () => handler([parsed.message]) };
      messageOf.set(prepared, parsed.message);
      return prepared;
    },
    runTogether: (prepared) => handler(prepared.flatMap((each) => messageOf.get(each) ?? [])),
  };
};

export interface BatchOptions<Data> {
  readonly alone?: HandledAlone<Data>;
  /** Default 0: what comes alone is handled at once. */
  readonly lingerMs?: number;
}

/** Messages of a batch type that are decided one by one, in an operation of their own. */
interface HandledAlone<Data> {
  readonly when: (message: IncomingMessage<Data>) => boolean;
  readonly handler: (message: IncomingMessage<Data>) => Promise<void>;
}

const parse = <Data>(definition: MessageDefinition<Data>, message: IncomingMessage<unknown>) => {
  const parsed = definition.data.safeParse(message.data);
  return parsed.success
    ? ({ valid: true, message: { ...message, data: parsed.data } } as const)
    : ({ valid: false, reason: describeIssues(parsed.error.issues) } as const);
};

const ISSUES_MAX = 5;

const describeIssues = (
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): string =>
  issues
    .slice(0, ISSUES_MAX)
    .map((issue) => `data.${issue.path.map(String).join('.')}: ${issue.message}`)
    .join('; ');
