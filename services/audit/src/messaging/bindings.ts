import { type Binding, onBatch } from '@quittance/bus';
import { RecordAction } from '@quittance/contracts';

import { type RecordActions } from '../application/index.ts';
import { fromCommandRecordAction } from './convert.ts';

export const bindings = (record: RecordActions): readonly Binding[] => [
  onBatch(RecordAction, (messages) => record(messages.map(fromCommandRecordAction))),
];
