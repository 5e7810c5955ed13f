import { expect } from 'chai';

import { type ClientSettings, makeClient, QuittanceError } from './index.ts';

const SETTINGS: ClientSettings = {
  baseUrl: 'https://billing.example',
  auth: { tokenUrl: 'https://authgate.example/token?tenant=a', clientId: 'a', clientSecret: 'b' },
};

const thrownBy = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
    return null;
  } catch (error) {
    return error;
  }
};

const expectInvalid = (error: unknown): void => {
  expect(error).to.be.instanceOf(QuittanceError);
  expect(error).to.include({ code: 'client.invalid_argument', status: null, mayPass: false });
};

/** Each of them used to look like an outage, to be waited for. */
const NEVER_WORK: readonly (readonly [what: string, settings: Partial<ClientSettings>])[] = [
  ['an empty address', { baseUrl: '' }],
  ['an address without http', { baseUrl: 'billing.example' }],
  ['an address that is a host and a port', { baseUrl: 'localhost:4400' }],
  ['an address of another protocol', { baseUrl: 'ftp://billing.example' }],
  ['an address with a user', { baseUrl: 'https://me:secret@billing.example' }],
  ['an address with a query', { baseUrl: 'https://billing.example?a=1' }],
  ['an address with an empty query', { baseUrl: 'https://billing.example/?' }],
  ['a token address without http', { auth: { tokenUrl: '/token', clientId: 'a', clientSecret: 'b' } }],
  ['no time at all', { timeoutMs: 0 }],
  ['a time that is none', { timeoutMs: Number.NaN }],
  ['time without end', { timeoutMs: Number.POSITIVE_INFINITY }],
  ['fewer than no retries', { retriesMax: -1 }],
  ['half a retry', { retriesMax: 0.5 }],
];

describe('settings that can never work', () => {
  for (const [what, settings] of NEVER_WORK) {
    it(`are refused when the client is made: ${what}`, async () =>
      expectInvalid(await thrownBy(() => makeClient({ ...SETTINGS, ...settings }))));
  }

  it('are refused by a call as well', async () => {
    const client = makeClient(SETTINGS);

    expectInvalid(await thrownBy(() => client.getPricing({}, { timeoutMs: -1 })));
    expectInvalid(await thrownBy(() => client.checkEntitlement({ account: 'a', product: 'b' }, { retriesMax: -1 })));
  });

  it('are none of these', () => {
    for (const baseUrl of ['http://localhost:4400', 'https://billing.example/', 'https://example.com/billing']) {
      expect(makeClient({ ...SETTINGS, baseUrl, timeoutMs: 0.5, retriesMax: 0 })).to.have.property('checkEntitlement');
    }
  });

  for (const id of ['', '.', '..']) {
    it(`are ids that would lead to another route: ${id === '' ? 'an empty one' : id}`, async () =>
      expectInvalid(await thrownBy(() => makeClient(SETTINGS).getAccountStatus({ id }))));
  }
});
