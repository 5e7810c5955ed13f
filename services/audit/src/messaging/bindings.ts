import { type Binding, onBatch } from '@quittance/bus';
import { RecordAction } from '@quittance/contracts';

import { type RecordActions } from '../application/index.ts';
import { fromCommandRecordAction } from './convert.ts';

/** Nobody waits for a record, and whoever does what is recorded wants the machine. */
const LINGER_MS = 100;

export const bindings = (record: RecordActions): readonly Binding[] => [
  onBatch(RecordAction, (messages) => record(messages.map(fromCommandRecordAction)), { lingerMs: LINGER_MS }),
];
