import { expect } from 'chai';

import { DomainError } from './domain-error.ts';
import { findInScope } from './find-in-scope.ts';
import { isAccountId } from './ids.ts';
import { type AccountScope } from './principal.ts';

const accountOf = (text: string) => {
  if (!isAccountId(text)) throw new Error(`${text} is no account id`);
  return text;
};

describe('findInScope', () => {
  const own = { account: accountOf('a') };

  /** One object of account `b`. */
  const reading = async (scope: AccountScope, id: string) => {
    const read: AccountScope[] = [];
    const find = (reach: AccountScope) => {
      read.push(reach);
      const visible = reach === 'every_account' || reach.account === 'b';
      return Promise.resolve(id === 'x_1' && visible ? id : null);
    };
    const outcome = await findInScope(scope, find, 'There is no such thing.').catch((error: unknown) => error);
    return { outcome, readings: read.length };
  };

  it('finds what the scope reaches', async () => {
    expect((await reading('every_account', 'x_1')).outcome).to.equal('x_1');
    expect((await reading({ account: accountOf('b') }, 'x_1')).outcome).to.equal('x_1');
  });

  it('answers another account’s object like one that is not there; only the error knows', async () => {
    const [foreign, unknown] = [await reading(own, 'x_1'), await reading(own, 'x_2')];

    const told = [foreign, unknown].map(({ outcome, readings }) => {
      if (!(outcome instanceof DomainError)) throw new Error('nothing was thrown');
      return { code: outcome.code, message: outcome.message, trespass: outcome.trespass, readings };
    });
    const same = { code: 'platform.not_found', message: 'There is no such thing.', readings: 2 };
    expect(told).to.deep.equal([
      { ...same, trespass: true },
      { ...same, trespass: false },
    ]);
  });

  it('knows no trespass of somebody who sees everything', async () => {
    expect((await reading('every_account', 'x_2')).outcome).to.include({ trespass: false });
  });
});
