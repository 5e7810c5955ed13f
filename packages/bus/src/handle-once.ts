import { type Envelope, type ServiceName } from '@quittance/contracts';
import { isDomainError, must } from '@quittance/kernel';
import { durableStep, type Operation, runInOperation } from '@quittance/runtime';

import { DUPLICATE_DELIVERY, type InboxStore } from './stores.ts';

/** Runs at once after somebody else's commit: the handler reads the newer version and decides again. */
const CONFLICT_RETRIES_MAX = 3;

/**
 * Runs a handler inside its operation, with the inbox row enlisted into whatever it commits. A handler that had
 * nothing to commit gets its inbox row afterwards.
 * @returns `duplicate` when another replica committed this message's effect first.
 */
export const runHandler = async (
  deps: { readonly service: ServiceName; readonly inbox: InboxStore },
  envelope: Envelope,
  run: () => Promise<void>,
): Promise<'handled' | 'duplicate'> => {
  for (let conflicts = 0; ; conflicts += 1) {
    try {
      await runOnce(deps, envelope, run);
      return 'handled';
    } catch (thrown) {
      if (!isDomainError(thrown)) throw thrown;
      if (thrown.code === DUPLICATE_DELIVERY) return 'duplicate';
      if (thrown.code !== 'platform.version_conflict' || conflicts >= CONFLICT_RETRIES_MAX) throw thrown;
    }
  }
};

const runOnce = async (
  { service, inbox }: { readonly service: ServiceName; readonly inbox: InboxStore },
  envelope: Envelope,
  run: () => Promise<void>,
): Promise<void> => {
  const inboxRow = inbox.markHandled(service, envelope.id);
  const operation = { ...operationOf(envelope), enlisted: [inboxRow] };
  const kinds = (): readonly string[] => [envelope.type];
  await runInOperation(operation, () =>
    durableStep(
      'consumer.handle',
      async () => {
        await run();
        if (operation.enlisted.includes(inboxRow)) await markNow({ service, inbox }, envelope);
      },
      kinds,
    ),
  );
};

/** Messages of one type that are handled together. */
interface Batch {
  readonly type: string;
  readonly messageIds: readonly string[];
}

/**
 * Runs the handler of a batch in one operation, with the inbox rows of all its messages enlisted. Throws when any of
 * them was handled meanwhile: then, as after any failure, none of the batch took effect.
 */
export const runBatchHandler = async (
  { service, inbox }: { readonly service: ServiceName; readonly inbox: InboxStore },
  batch: Batch,
  run: () => Promise<void>,
): Promise<void> => {
  const { type, messageIds } = batch;
  const inboxRows = inbox.markAllHandled(service, messageIds);
  const operation = { ...batchOperation(service, batch), enlisted: [inboxRows] };
  await runInOperation(operation, () =>
    durableStep(
      'consumer.handle',
      async () => {
        await run();
        if (!operation.enlisted.includes(inboxRows)) return;
        for (const id of messageIds) await markNow({ service, inbox }, { id, type });
      },
      () => [type],
    ),
  );
};

const markNow = (
  { service, inbox }: { readonly service: ServiceName; readonly inbox: InboxStore },
  { id, type }: Pick<Envelope, 'id' | 'type'>,
): Promise<void> =>
  durableStep(
    'inbox.mark',
    () => inbox.markHandledNow(service, id),
    () => [type],
  );

const batchOperation = (service: ServiceName, { type, messageIds }: Batch): Omit<Operation, 'enlisted'> => ({
  about: type,
  id: must(messageIds[0], 'a message of the batch'),
  actor: { kind: 'system', id: service },
  correlationId: null,
  requestId: null,
  sourceIp: null,
  traceparent: null,
});

const operationOf = (envelope: Envelope): Omit<Operation, 'enlisted'> => ({
  id: envelope.id,
  about: envelope.type,
  actor: { kind: envelope.actorkind, id: envelope.actorid },
  correlationId: envelope.correlationid,
  requestId: null,
  sourceIp: null,
  traceparent: envelope.traceparent ?? null,
});
