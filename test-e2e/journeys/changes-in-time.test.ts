import { describeChangesInTime } from './changes-in-time-journeys.ts';

describeChangesInTime('in one process over PostgreSQL', { rabbitUrl: null, processes: false });
