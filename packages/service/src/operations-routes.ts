import { type DeadLetter, type DeadLetterStore, replayDeadLetter, type Transport } from '@quittance/bus';
import { operationsContracts, type ServiceName } from '@quittance/contracts';
import { handle, ok, type Route } from '@quittance/http';
import { type UnitOfWork } from '@quittance/kernel';

import { type Parts } from './kit.ts';

const LIST_MAX = 500;

/** What every service answers to operators, through the gateway's merged lists. */
export const operationsRoutes = <Message>(deps: {
  readonly name: ServiceName;
  readonly parts: Pick<Parts<Message>, 'attention'>;
  readonly transport: Transport;
  readonly deadLetters: DeadLetterStore;
  readonly unitOfWork: UnitOfWork<Message>;
}): readonly Route[] => {
  const { name, transport, deadLetters } = deps;
  const contracts = operationsContracts(name);
  const toApiDeadLetter = (letter: DeadLetter) => ({
    id: letter.id,
    service: name,
    messageId: letter.messageId,
    type: letter.type,
    attempts: letter.attempts,
    reason: letter.reason,
    diedAt: letter.diedAt.toISOString(),
    replayedAt: letter.replayedAt?.toISOString() ?? null,
  });
  return [
    handle(contracts.attention, async () => {
      const items = await deps.parts.attention();
      return ok({ data: items.map((item) => ({ ...item, service: name, since: item.since.toISOString() })) });
    }),
    handle(contracts.deadLetters, async () => {
      const letters = await deadLetters.listWaiting(LIST_MAX);
      return ok({ data: letters.map(toApiDeadLetter) });
    }),
    handle(contracts.replay, async ({ params }) => {
      const { letter, markReplayed } = await replayDeadLetter({ service: name, transport, deadLetters }, params.id);
      await deps.unitOfWork.commit({
        writes: [markReplayed],
        messages: [],
        audit: [
          {
            action: 'dead_letter.replayed',
            subject: { type: 'message', id: letter.messageId },
            accountId: null,
            after: { service: name, type: letter.type, attempts: letter.attempts },
          },
        ],
      });
      const after = await deadLetters.find(params.id);
      return ok(toApiDeadLetter(after ?? letter));
    }),
  ];
};
