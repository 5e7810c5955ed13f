import { catalogConfig } from '@quittance/catalog';
import { loadConfig, type Logger } from '@quittance/runtime';
import { makeTransport } from '@quittance/service';

import { serviceEnvironment, type SuiteFacts } from './suite-environment.ts';

/** A connection to the suite's bus, on whatever transport it has; not started yet. */
export const openBus = (facts: SuiteFacts, logger: Logger): ReturnType<typeof makeTransport> =>
  makeTransport(loadConfig(catalogConfig, serviceEnvironment('catalog', facts)), logger);
