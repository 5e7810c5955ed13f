import { serviceConfig } from '@quittance/runtime';
import { z } from 'zod';

export const auditConfig = z.object({ ...serviceConfig });
export type AuditConfig = z.output<typeof auditConfig>;
