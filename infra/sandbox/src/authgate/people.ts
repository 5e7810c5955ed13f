import { randomBytes } from 'node:crypto';

import { type SandboxDatabase } from '../database.ts';

/** Somebody who can log in without a password. Customers act for an account; operators have none. */
export interface Person {
  readonly subject: string;
  readonly name: string;
  readonly account: string | null;
  readonly roles: readonly string[];
  /** The claim of the platform's own user table; being super_admin takes the admin list as well. */
  readonly admin: boolean;
}

export interface Persona {
  readonly key: string;
  readonly kind: 'customer' | 'operator';
  readonly person: Person;
}

export const PERSONAS: readonly Persona[] = [
  {
    key: 'amal',
    kind: 'customer',
    person: { subject: 'usr_amal', name: 'Amal — Atlas Studio', account: 'acc_atlas', roles: [], admin: false },
  },
  {
    key: 'bruno',
    kind: 'customer',
    person: { subject: 'usr_bruno', name: 'Bruno — Cobalt Labs', account: 'acc_cobalt', roles: [], admin: false },
  },
  {
    key: 'finance',
    kind: 'operator',
    person: { subject: 'usr_farida', name: 'Farida — finance', account: null, roles: ['billing'], admin: false },
  },
  {
    key: 'super-admin',
    kind: 'operator',
    person: { subject: 'usr_samir', name: 'Samir — super admin', account: null, roles: [], admin: true },
  },
  {
    key: 'onboarding',
    kind: 'operator',
    person: { subject: 'usr_odile', name: 'Odile — onboarding', account: null, roles: ['onboarding'], admin: false },
  },
];

export interface People {
  find(subject: string): Promise<Person | null>;
  save(person: Person): Promise<void>;
  /** A person with an account nobody has used. */
  create(): Promise<Person>;
}

export const makePeople = (database: SandboxDatabase): People => {
  const save = async (person: Person): Promise<void> => {
    await database.query(
      `INSERT INTO authgate_people (subject, name, account, roles, admin) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (subject) DO UPDATE SET name = excluded.name, account = excluded.account, roles = excluded.roles, admin = excluded.admin`,
      [person.subject, person.name, person.account, JSON.stringify(person.roles), person.admin],
    );
  };
  return {
    find: async (subject) => {
      const persona = PERSONAS.find((candidate) => candidate.person.subject === subject);
      if (persona) return persona.person;
      const sql = 'SELECT subject, name, account, roles, admin FROM authgate_people WHERE subject = $1';
      const rows = await database.query<{
        subject: string;
        name: string;
        account: string | null;
        roles: string[];
        admin: boolean;
      }>(sql, [subject]);
      return rows[0] ?? null;
    },
    save,
    create: async () => {
      const suffix = randomBytes(5).toString('hex');
      const person: Person = {
        subject: `usr_${suffix}`,
        name: `New customer ${suffix.slice(0, 4)}`,
        account: `acc_${suffix}`,
        roles: [],
        admin: false,
      };
      await save(person);
      return person;
    },
  };
};
