import { overRabbit } from '../support/over-rabbit.ts';
import { describeRenewals } from './renewal-journeys.ts';

await overRabbit('renewals as processes over RabbitMQ', (rabbitUrl) => {
  describeRenewals('as two processes of each service over RabbitMQ', { rabbitUrl, processes: { replicas: 2 } });
});
