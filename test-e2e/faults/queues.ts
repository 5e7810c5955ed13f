import { allMessages } from '@quittance/contracts';
import { STORING_SERVICES } from '@quittance/local';

/** Services that something is sent to: each has a queue, and one for its dead letters. */
export const QUEUES = STORING_SERVICES.filter((service) =>
  allMessages.some(({ consumers }) => consumers.includes(service)),
);
