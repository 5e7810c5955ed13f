import { type Detour, type Environment, type ProcessName } from '@quittance/local';

/** Single services are told something else than usual. */
export const withVariables =
  (variables: Partial<Record<ProcessName, Environment>>): Detour =>
  async ({ service }, environment) => ({ ...environment, ...variables[service] });
