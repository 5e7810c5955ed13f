import { auditConfig, buildService as buildAudit } from '@quittance/audit';
import { buildService as buildCatalog, catalogConfig } from '@quittance/catalog';
import { buildConsole, consoleConfig } from '@quittance/console';
import { buildService as buildGateway, gatewayConfig } from '@quittance/gateway';
import { buildService as buildInvoicing, invoicingConfig } from '@quittance/invoicing';
import { buildService as buildPaymentsCard, paymentsCardConfig } from '@quittance/payments-card';
import { loadConfig, type Logger, makeLifecycle, systemClock, systemWallClock } from '@quittance/runtime';
import { makeFollowedClock, type RunningService } from '@quittance/service';
import { buildService as buildSubscription, subscriptionConfig } from '@quittance/subscription';

import { openBus } from './open-bus.ts';
import { consoleEnvironment, gatewayAddresses, serviceEnvironment, type SuiteFacts } from './suite-environment.ts';

export interface Services {
  stop(): Promise<void>;
  /** True when no service has anything unsent, running or being handled. */
  idle(): boolean;
  /** Where each service behind the gateway listens, by its name. */
  readonly urls: Readonly<Record<string, string>>;
}

const BEHIND_THE_DOOR = ['catalog', 'subscription', 'invoicing', 'payments-card', 'audit'] as const;

/** Every service in this process, sharing one connection to the bus; what a laptop runs. */
export const startInProcess = async (facts: SuiteFacts, logger: Logger): Promise<Services> => {
  const transport = openBus(facts, logger);
  const followed = makeFollowedClock({ url: facts.sandboxUrl, base: systemClock, logger });
  const shared = { clock: followed.clock, wallClock: systemWallClock, transport, logger };
  const behind: Record<(typeof BEHIND_THE_DOOR)[number], RunningService> = {
    catalog: buildCatalog({ ...shared, config: loadConfig(catalogConfig, serviceEnvironment('catalog', facts)) }),
    subscription: buildSubscription({
      ...shared,
      config: loadConfig(subscriptionConfig, serviceEnvironment('subscription', facts)),
    }),
    invoicing: buildInvoicing({
      ...shared,
      config: loadConfig(invoicingConfig, serviceEnvironment('invoicing', facts)),
    }),
    'payments-card': buildPaymentsCard({
      ...shared,
      config: loadConfig(paymentsCardConfig, serviceEnvironment('payments-card', facts)),
    }),
    audit: buildAudit({ ...shared, config: loadConfig(auditConfig, serviceEnvironment('audit', facts)) }),
  };
  const pages = buildConsole({ config: loadConfig(consoleConfig, consoleEnvironment(facts)), logger });
  const lifecycle = makeLifecycle(logger);
  const all: RunningService[] = Object.values(behind);
  lifecycle.add({ name: 'clock', start: followed.connect });
  lifecycle.add({ name: 'bus', start: transport.start, stop: transport.stop });
  lifecycle.add({ name: 'topology', start: transport.declare });
  lifecycle.add({ name: 'services', start: () => together(all, 'start'), stop: () => together(all, 'stop') });
  lifecycle.add({ name: 'console', start: pages.start, stop: pages.stop });
  await lifecycle.start();
  // The door opens last, when there is something behind it.
  const ports = Object.fromEntries(BEHIND_THE_DOOR.map((name) => [name, behind[name].port()]));
  const gateway = buildGateway({
    ...shared,
    config: loadConfig(gatewayConfig, {
      ...serviceEnvironment('gateway', facts),
      ...gatewayAddresses({ ...ports, console: pages.port }, facts),
    }),
  });
  await gateway.start();
  followed.follow({ services: [gateway, ...all], transport });
  return {
    stop: async () => {
      await followed.stop();
      await gateway.stop();
      await lifecycle.stop();
    },
    urls: Object.fromEntries(BEHIND_THE_DOOR.map((name) => [name, `http://127.0.0.1:${behind[name].port()}`])),
    idle: () => [gateway, ...all].every((service) => service.idle()),
  };
};

const together = async (services: readonly RunningService[], verb: 'start' | 'stop'): Promise<void> => {
  await Promise.all(services.map((service) => service[verb]()));
};
