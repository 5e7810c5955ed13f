import { openShop } from '../support/shop.ts';
import { describeHandoffs } from './handoff-journeys.ts';

describe('in one process over PostgreSQL', () => {
  describeHandoffs(openShop({ rabbitUrl: null, processes: false }));
});
