export { PERSONAS, type Persona, type Person } from './authgate/people.ts';
export { SERVICE_CLIENTS, type ServiceClient } from './authgate/service-clients.ts';
export { buildSandbox, DEFAULT_ENABLED_EVENTS, type RunningSandbox, type SandboxOptions } from './build-sandbox.ts';
export { type SandboxLogger } from './logger.ts';
export { type StripeBooks } from './stripe/books.ts';
export { TEST_CARDS, type TestCard } from './stripe/cards.ts';
