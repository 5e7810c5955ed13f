import { type Binding, on } from '@quittance/bus';
import { RecordAction } from '@quittance/contracts';

import { type RecordAction as Record } from '../application/index.ts';
import { fromCommandRecordAction } from './convert.ts';

export const bindings = (record: Record): readonly Binding[] => [
  on(RecordAction, (message) => record(fromCommandRecordAction(message))),
];
