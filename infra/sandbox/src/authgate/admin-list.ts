import { z } from 'zod';

import { type SandboxDatabase } from '../database.ts';
import { PERSONAS } from './people.ts';

export const adminSchema = z.object({
  subject: z.string().min(1),
  name: z.string().min(1),
  roles: z.array(z.string()),
});
type Admin = z.infer<typeof adminSchema>;

export interface AdminList {
  all(): Promise<readonly Admin[]>;
  /** Adds or replaces; no roles removes. */
  put(admin: Admin): Promise<void>;
  /** Puts our super admin on an empty list. */
  seed(): Promise<void>;
}

/** What SuperAdmin, the platform's own service, keeps: who is an administrator, and of what rank. */
export const makeAdminList = (database: SandboxDatabase): AdminList => {
  const all = (): Promise<readonly Admin[]> =>
    database.query<{ subject: string; name: string; roles: string[] }>(
      'SELECT subject, name, roles FROM superadmin_admins ORDER BY subject',
    );
  const put = async (admin: Admin): Promise<void> => {
    if (admin.roles.length === 0) {
      await database.query('DELETE FROM superadmin_admins WHERE subject = $1', [admin.subject]);
      return;
    }
    await database.query(
      `INSERT INTO superadmin_admins (subject, name, roles) VALUES ($1, $2, $3)
       ON CONFLICT (subject) DO UPDATE SET name = excluded.name, roles = excluded.roles`,
      [admin.subject, admin.name, JSON.stringify(admin.roles)],
    );
  };
  return {
    all,
    put,
    seed: async () => {
      if ((await all()).length > 0) return;
      for (const { person } of PERSONAS.filter((persona) => persona.key === 'super-admin')) {
        await put({ subject: person.subject, name: person.name, roles: ['super_admin'] });
      }
    },
  };
};
