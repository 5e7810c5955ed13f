import { openShop } from '../support/shop.ts';
import { describeFormerApi } from './compatibility-journeys.ts';

describe('in one process over PostgreSQL', () => {
  describeFormerApi(openShop({ rabbitUrl: null, processes: false }));
});
