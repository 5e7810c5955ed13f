import { z } from 'zod';

import { loadExports } from './load-exports.ts';

const TABLE = 'services/subscription/src/domain/subscription-status.ts';

/** The state machine as a picture: drawn from the table that decides, so that it cannot say anything else. */
export const subscriptionStatesDocument = async (): Promise<string> => {
  const transitions = z
    .record(z.string(), z.record(z.string(), z.string()))
    .parse(await exportOf('SUBSCRIPTION_TRANSITIONS'));
  const triggers = z.record(z.string(), z.string()).parse(await exportOf('SUBSCRIPTION_TRIGGERS'));
  const legal = Object.entries(transitions).flatMap(([from, row]) =>
    Object.entries(row).flatMap(([trigger, to]) => (to === '-' ? [] : [{ from, trigger, to }])),
  );
  const arrows = Map.groupBy(legal, ({ from, to }) => `${from} --> ${to}`);
  return [
    '# The life of a subscription',
    '',
    `<!-- Generated from ${TABLE} by \`pnpm generate\`. -->`,
    '',
    '```mermaid',
    'stateDiagram-v2',
    '  [*] --> draft',
    ...[...arrows].map(([arrow, moves]) => `  ${arrow}: ${moves.map(({ trigger }) => trigger).join(', ')}`),
    '```',
    '',
    'What is not drawn is refused with `subscription.illegal_transition`.',
    '',
    ...Object.entries(triggers).map(([trigger, meaning]) => `- \`${trigger}\`: ${meaning}`),
    '',
  ].join('\n');
};

const exportOf = async (name: string): Promise<unknown> => (await loadExports([TABLE], name))[0]?.value;
