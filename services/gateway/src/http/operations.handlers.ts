import {
  type ApiAttentionItem,
  type ApiDeadLetter,
  ListAttention,
  ListDeadLetters,
  operationsContracts,
  ReplayDeadLetter,
  type ServiceName,
} from '@quittance/contracts';
import { handle, ok, type Route } from '@quittance/http';
import { platformFail, type Principal } from '@quittance/kernel';
import { type z } from 'zod';

import { type CallService, mergeLists } from '../application/index.ts';
import { callContract } from './call-contract.ts';

type AttentionItem = z.infer<typeof ApiAttentionItem>;
type DeadLetter = z.infer<typeof ApiDeadLetter>;

/** The gateway’s own part, which it need not ask itself for by HTTP. */
export interface OwnOperations {
  attention(): Promise<readonly AttentionItem[]>;
  deadLetters(): Promise<readonly DeadLetter[]>;
  replay(id: string): Promise<DeadLetter>;
}

export interface OperationsDeps {
  readonly callService: CallService;
  readonly services: readonly ServiceName[];
  readonly own: OwnOperations;
}

/** The lists of every service as one; a service that cannot be asked is named. */
export const operationsHandlers = (deps: OperationsDeps): readonly Route[] => {
  const all = [...deps.services, 'gateway'] as const;
  return [
    handle(ListAttention, async ({ principal, request }) => {
      const list = (service: ServiceName) => attentionOf(deps, service, { principal, requestId: request.id });
      return ok(toApiMerged(await mergeLists(all, list, ({ since }) => since)));
    }),
    handle(ListDeadLetters, async ({ principal, request }) => {
      const list = (service: ServiceName) => deadLettersOf(deps, service, { principal, requestId: request.id });
      return ok(toApiMerged(await mergeLists(all, list, ({ diedAt }) => diedAt)));
    }),
    handle(ReplayDeadLetter, async ({ params, principal, request }) => {
      if (params.service === 'gateway') return ok(await deps.own.replay(params.id));
      if (!deps.services.includes(params.service)) {
        throw platformFail('platform.not_found', `${params.service} is not part of this suite.`);
      }
      const { replay } = operationsContracts(params.service);
      const call = { principal, requestId: request.id, params: { id: params.id } };
      return ok(await callContract(deps.callService, replay, call));
    }),
  ];
};

interface Asking {
  readonly principal: Principal;
  readonly requestId: string;
}

const attentionOf = async (
  deps: OperationsDeps,
  service: ServiceName,
  asking: Asking,
): Promise<readonly AttentionItem[]> =>
  service === 'gateway'
    ? deps.own.attention()
    : (await callContract(deps.callService, operationsContracts(service).attention, asking)).data;

const deadLettersOf = async (
  deps: OperationsDeps,
  service: ServiceName,
  asking: Asking,
): Promise<readonly DeadLetter[]> =>
  service === 'gateway'
    ? deps.own.deadLetters()
    : (await callContract(deps.callService, operationsContracts(service).deadLetters, asking)).data;

const toApiMerged = <Item>(merged: {
  readonly data: readonly Item[];
  readonly unreachable: readonly ServiceName[];
}) => ({
  data: [...merged.data],
  unreachable: [...merged.unreachable],
});
