import { postgresHarness } from './postgres-harness.ts';
import { describeTransport } from './transport.contract.ts';

describeTransport(postgresHarness);
