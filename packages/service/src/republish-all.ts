import { type ServiceName } from '@quittance/contracts';
import { type DatabaseUnitOfWork } from '@quittance/database';
import { newTraceparent, runInOperation } from '@quittance/runtime';

const BATCH = 200;

/** In batches of one transaction each: a new consumer catches up while everything else goes on. */
export const republishAll = async <Message>(work: {
  readonly name: ServiceName;
  readonly unitOfWork: DatabaseUnitOfWork<Message>;
  readonly messages: AsyncIterable<Message>;
}): Promise<number> =>
  runInOperation(
    {
      id: `${work.name}:republish`,
      actor: { kind: 'system', id: `${work.name}.republish` },
      correlationId: null,
      requestId: null,
      sourceIp: null,
      traceparent: newTraceparent(),
      enlisted: [],
    },
    async () => {
      let sent = 0;
      let batch: Message[] = [];
      const flush = async (): Promise<void> => {
        if (batch.length > 0) await work.unitOfWork.republish(batch);
        sent += batch.length;
        batch = [];
      };
      for await (const message of work.messages) {
        batch.push(message);
        if (batch.length >= BATCH) await flush();
      }
      await flush();
      return sent;
    },
  );
