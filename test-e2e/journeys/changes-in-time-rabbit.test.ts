import { overRabbit } from '../support/over-rabbit.ts';
import { describeChangesInTime } from './changes-in-time-journeys.ts';

await overRabbit('changes over time over RabbitMQ', (rabbitUrl) => {
  describeChangesInTime('in one process over RabbitMQ', { rabbitUrl, processes: false });
});
