import { describeThePurchase } from './purchase-journeys.ts';

describeThePurchase('in one process over PostgreSQL', { rabbitUrl: null, processes: false });
