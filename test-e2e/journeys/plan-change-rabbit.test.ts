import { overRabbit } from '../support/over-rabbit.ts';
import { describePlanChanges } from './plan-change-journeys.ts';

await overRabbit('changing a plan over RabbitMQ', (rabbitUrl) => {
  describePlanChanges('in one process over RabbitMQ', { rabbitUrl, processes: false });
});
