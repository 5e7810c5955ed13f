import { overRabbit } from '../support/over-rabbit.ts';
import { describeThePurchase } from './purchase-journeys.ts';

await overRabbit('the purchase as processes over RabbitMQ', (rabbitUrl) => {
  describeThePurchase('as two processes of each service over RabbitMQ', { rabbitUrl, processes: { replicas: 2 } });
});
