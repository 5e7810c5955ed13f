import { randomUUID } from 'node:crypto';

import { type HttpContract, httpContracts } from '@quittance/contracts';

import { holds } from './callers.ts';
import { type Buyer } from './ground.ts';
import { accepts, bodySampleOf, encoded, fieldsOf, pathOf, queryOf, sampleOf } from './samples.ts';
import { type Shot } from './send.ts';

/** A request that names, or hopes to get, what belongs to somebody else. */
export interface Trespass {
  readonly contract: HttpContract;
  readonly what: string;
  readonly shot: Shot;
}

/** Headers by which other systems tell who is asking: here they must mean nothing. */
const impersonating = (account: string): Readonly<Record<string, string>> => ({
  'x-account-id': account,
  'x-user-id': `usr_of_${account}`,
  'x-quittance-account': account,
  'x-quittance-principal': JSON.stringify({ kind: 'operator', permissions: ['billing.read'] }),
  'x-forwarded-user': account,
  'x-original-url': `/v1/accounts/${account}/status`,
  'x-http-method-override': 'GET',
});

/** Every route with every id of the victim in every place for an id, and every list as it is. */
export const trespassesOf = (victim: Buyer): readonly Trespass[] => {
  const ids = [...victim.ids, victim.account, victim.account.toUpperCase()];
  return httpContracts
    .filter(({ access }) => access !== 'signed')
    .flatMap((contract) => {
      const params = sampleOf(fieldsOf(contract.params));
      const shot = (path: string, more: Readonly<Record<string, string>> = {}): Shot => ({
        ...shotOf(contract),
        path,
        headers: { ...shotOf(contract).headers, ...more },
      });
      const plain = pathOf(contract, params);
      return [
        { contract, what: 'as it is', shot: shot(plain) },
        { contract, what: 'with headers of others', shot: shot(plain, impersonating(victim.account)) },
        ...Object.keys(params).flatMap((name) =>
          ids.map((id) => ({
            contract,
            what: `${name} ${id}`,
            shot: shot(pathOf(contract, { ...params, [name]: encoded(id) })),
          })),
        ),
        ...[...new Set([...fieldsOf(contract.query).keys(), 'account', 'accountId'])].flatMap((name) =>
          ids.map((id) => ({ contract, what: `query ${name}`, shot: shot(`${plain}${queryOf({ [name]: id })}`) })),
        ),
      ];
    });
};

/** Every read that names an account, of this one; and every list that is the caller’s own without naming it. */
export const scopedTo = (account: string): readonly Trespass[] =>
  httpContracts
    .filter(({ access, audit, method }) => typeof access !== 'string' && audit === 'none' && method === 'GET')
    .flatMap((contract) => {
      const ofAccount = [...fieldsOf(contract.params)].filter(([, field]) => accepts(field, 'acc_sample'));
      const params = {
        ...sampleOf(fieldsOf(contract.params)),
        ...Object.fromEntries(ofAccount.map(([name]) => [name, account])),
      };
      const asks = fieldsOf(contract.query).has('account');
      if (!asks && ofAccount.length === 0) return [];
      const path = `${pathOf(contract, params)}${asks ? queryOf({ account }) : ''}`;
      return [{ contract, what: `of ${account}`, shot: { method: contract.method, path } }];
    });

/** A reach for what belongs to the victim, and the same reach for something that nobody has. */
export interface Reach {
  readonly contract: HttpContract;
  readonly named: string;
  readonly unknown: string;
  /** Accounts are AuthGate’s: naming another one is an attempt, whether it exists or not. */
  readonly namesAccount: boolean;
  readonly shotFor: (id: string) => Shot;
}

/** Where a customer can name what belongs to somebody else, and is understood. */
export const reachesOf = (victim: Buyer): readonly Reach[] => {
  const ids = [...victim.ids, victim.account];
  const own = httpContracts.filter(({ access }) => typeof access !== 'string' && holds('customer', access.anyOf));
  return own.flatMap((contract) => {
    const params = sampleOf(fieldsOf(contract.params));
    const inPath = [...fieldsOf(contract.params)].flatMap(([name, field]) =>
      ids
        .filter((id) => accepts(field, id))
        .map((named) => ({
          contract,
          named,
          unknown: unknownLike(named),
          namesAccount: accepts(field, 'acc_sample'),
          shotFor: (id: string) => ({
            ...shotOf(contract),
            path: pathOf(contract, { ...params, [name]: encoded(id) }),
          }),
        })),
    );
    const asked = fieldsOf(contract.query).has('account');
    const shotFor = (account: string) => ({
      ...shotOf(contract),
      path: `${pathOf(contract, params)}${queryOf({ account })}`,
    });
    return [
      ...inPath,
      ...(asked
        ? [{ contract, named: victim.account, unknown: unknownLike(victim.account), namesAccount: true, shotFor }]
        : []),
    ];
  });
};

/** Another id of the same form: the last 26 signs of a ULID that nobody was given. */
const unknownLike = (id: string): string => (/_[0-9a-z]{26}$/.test(id) ? `${id.slice(0, -10)}0000000000` : `${id}_x`);

/** A body that parses and buys nothing: its plan does not exist. */
const shotOf = (
  contract: HttpContract,
): Omit<Shot, 'path'> & { readonly headers: Readonly<Record<string, string>> } => {
  if (typeof contract.body === 'string') return { method: contract.method, headers: {} };
  const sample = bodySampleOf(fieldsOf(contract.body));
  const body = 'plan' in sample ? { ...sample, plan: 'enterprise' } : sample;
  return {
    method: contract.method,
    headers: { 'content-type': 'application/json', 'idempotency-key': `trespass-${randomUUID()}` },
    body: JSON.stringify(body),
  };
};

const CANARY_CHARACTERS_MIN = 8;

/** What only the victim’s rows say: ids, references of the provider, numbers of invoices, addresses to return to. */
export const canariesOf = (
  victim: Buyer,
  texts: { readonly own: ReadonlySet<string>; readonly others: ReadonlySet<string> },
): readonly string[] => {
  const common = [...texts.others].join('\n');
  const only = [...texts.own].filter((text) => text.length >= CANARY_CHARACTERS_MIN && !common.includes(text));
  return [...new Set([victim.account, ...victim.ids, ...only])].filter((text) => !/^\d{4}-\d\d-\d\dT/.test(text));
};
