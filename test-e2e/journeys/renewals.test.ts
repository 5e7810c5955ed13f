import { describeRenewals } from './renewal-journeys.ts';

describeRenewals('in one process over PostgreSQL', { rabbitUrl: null, processes: false });
