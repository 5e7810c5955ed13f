import { join, resolve } from 'node:path';

import { startInProcess } from './in-process.ts';
import { prepareSuite, type SuiteOptions } from './prepare-suite.ts';
import { type ProcessOptions, type ProcessSuite, startProcesses } from './processes.ts';
import { type SuiteFacts } from './suite-environment.ts';

export interface RunningSuite {
  readonly facts: SuiteFacts;
  /** Null when everything runs in this process. */
  readonly processes: ProcessSuite | null;
  /** Where the services behind the gateway listen, by name, when everything runs in this process. */
  readonly serviceUrls: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** The whole of Quittance on one machine: in one process, or with `replicas` processes of every service. */
export const startSuite = async (
  options: SuiteOptions & { readonly processes: false | ProcessOptions },
): Promise<RunningSuite> => {
  const prepared = await prepareSuite(options);
  const { facts } = prepared;
  try {
    if (options.processes === false) {
      const services = await startInProcess(facts, options.logger);
      options.progress('All services are ready in one process');
      return { facts, processes: null, serviceUrls: services.urls, stop: inOrder(services.stop, prepared.stop) };
    }
    const processes = await startProcesses(facts, {
      ...options.processes,
      logFolder: join(resolve(options.folder), 'logs'),
      progress: options.progress,
    });
    return { facts, processes, serviceUrls: {}, stop: inOrder(processes.stop, prepared.stop) };
  } catch (error) {
    await prepared.stop();
    throw error;
  }
};

/** The services first: they finish what they began while database and broker are still there. */
const inOrder = (first: () => Promise<void>, second: () => Promise<void>) => {
  let stopping: Promise<void> | null = null;
  const stopBoth = async (): Promise<void> => {
    try {
      await first();
    } finally {
      await second();
    }
  };
  return (): Promise<void> => {
    stopping ??= stopBoth();
    return stopping;
  };
};
