import { overRabbit } from '../support/over-rabbit.ts';
import { openShop } from '../support/shop.ts';
import { describeFormerApi } from './compatibility-journeys.ts';
import { describeHandoffs } from './handoff-journeys.ts';

await overRabbit('hand-offs and the former billing API over RabbitMQ', (rabbitUrl) => {
  describe('in one process over RabbitMQ', () => {
    const shop = openShop({ rabbitUrl, processes: false });
    describeHandoffs(shop);
    // Last: it tells the provider to send everything to the former webhook.
    describeFormerApi(shop);
  });
});
