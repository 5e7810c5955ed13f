import { describePlanChanges } from './plan-change-journeys.ts';

describePlanChanges('in one process over PostgreSQL', { rabbitUrl: null, processes: false });
