import { ApiPlanMove, GetPlanMove } from '@quittance/contracts';
import { type Id } from '@quittance/kernel';
import { waitFor } from '@quittance/testkit';
import { type z } from 'zod';

import { OPERATOR, type RunningSubscription } from './running-subscription.ts';

export type MoveView = z.infer<typeof GetPlanMove.answer>;

/** Moves of one plan, asked for by an operator. */
export const movesFor = (suite: Pick<RunningSubscription, 'ask'>, planId: string) => {
  const path = `/v1/plans/${planId}/moves`;
  const view = async (id: string, query = ''): Promise<MoveView> =>
    GetPlanMove.answer.parse((await suite.ask(`${path}/${id}?limit=100${query}`, { as: OPERATOR })).body);
  return {
    view,
    preview: async (limit = 100): Promise<MoveView> =>
      GetPlanMove.answer.parse(
        (await suite.ask(`${path}/preview?limit=${limit}`, { as: OPERATOR, method: 'POST' })).body,
      ),
    start: async (quote: string) =>
      ApiPlanMove.parse((await suite.ask(path, { as: OPERATOR, body: { quote, reason: 'New prices' } })).body),
    until: (id: string, status: 'running' | 'done', enough: (found: MoveView) => boolean = () => true) =>
      waitFor(
        async () => {
          const found = await view(id);
          return found.move.status === status && enough(found) ? found : null;
        },
        { what: `move ${id} ${status}`, deadlineMs: 20_000 },
      ),
  };
};

export const rowOf = (found: MoveView, id: Id<'sub'>) => found.data.find(({ subscriptionId }) => subscriptionId === id);
