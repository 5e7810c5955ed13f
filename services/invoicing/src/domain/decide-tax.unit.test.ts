import { DomainError } from '@quittance/kernel';
import { expect } from 'chai';

import { decideTax, type TaxBuyer, taxCountryOf } from './decide-tax.ts';
import { type Seller } from './seller.ts';

type TaxSeller = Pick<Seller, 'country' | 'registrations'>;

const french: TaxSeller = {
  country: 'FR',
  registrations: [{ kind: 'country', country: 'FR' }, { kind: 'eu_oss' }],
};
const frenchWithoutOss: TaxSeller = { country: 'FR', registrations: [{ kind: 'country', country: 'FR' }] };
const nigerian: TaxSeller = { country: 'NG', registrations: [{ kind: 'country', country: 'NG' }] };
const unregistered: TaxSeller = { country: 'FR', registrations: [] };

const consumer = (country: string | null): TaxBuyer => ({ country, vatId: null });
const business = (country: string | null, vatId: string, valid = true): TaxBuyer => ({
  country,
  vatId: { vatId, country: vatId.slice(0, 2) === 'EL' ? 'GR' : vatId.slice(0, 2), valid },
});

const RATES: Record<string, number> = { FR: 200_000, DE: 190_000, GR: 240_000, NG: 75_000, FI: 255_000, GB: 200_000 };

const decided = (seller: TaxSeller, buyer: TaxBuyer, language = 'en') => {
  const country = taxCountryOf(seller, buyer);
  const { treatment, ratePpm, reason } = decideTax(seller, buyer, { ratePpm: RATES[country] ?? null, language });
  return [treatment, country, ratePpm, reason];
};

describe('decideTax', () => {
  const rows: readonly [string, TaxSeller, TaxBuyer, readonly unknown[]][] = [
    [
      'a consumer at home',
      french,
      consumer('FR'),
      ['charged', 'FR', 200_000, 'Standard rate of FR, 20 %: the seller is registered in FR.'],
    ],
    [
      'a consumer in another member state pays that state’s rate',
      french,
      consumer('DE'),
      ['charged', 'DE', 190_000, 'Standard rate of DE, 19 %: the seller is registered in the EU one-stop shop.'],
    ],
    [
      'a business in another member state with a valid id',
      french,
      business('DE', 'DE136695976'),
      [
        'reverse_charge',
        'DE',
        0,
        'Reverse charge: VAT id DE136695976 is of another EU member state (DE) than the seller’s (FR).',
      ],
    ],
    [
      'Monaco is France for VAT',
      french,
      consumer('MC'),
      ['charged', 'FR', 200_000, 'Standard rate of FR, 20 %: the seller is registered in FR. MC is FR for tax.'],
    ],
    [
      'a business in Monaco has an id of France, and is at home there',
      frenchWithoutOss,
      business('MC', 'FR11123456782'),
      ['charged', 'FR', 200_000, 'Standard rate of FR, 20 %: the seller is registered in FR. MC is FR for tax.'],
    ],
    [
      'the Isle of Man is the United Kingdom for VAT',
      { country: 'GB', registrations: [{ kind: 'country', country: 'GB' }] },
      consumer('IM'),
      ['charged', 'GB', 200_000, 'Standard rate of GB, 20 %: the seller is registered in GB. IM is GB for tax.'],
    ],
    [
      'Greece is GR as a country and EL in its ids',
      french,
      business('GR', 'EL094259216'),
      [
        'reverse_charge',
        'GR',
        0,
        'Reverse charge: VAT id EL094259216 is of another EU member state (GR) than the seller’s (FR).',
      ],
    ],
    [
      'a business in another member state whose id does not check out',
      french,
      business('DE', 'DE136695977', false),
      [
        'charged',
        'DE',
        190_000,
        'Standard rate of DE, 19 %: the seller is registered in the EU one-stop shop. VAT id DE136695977 is not valid.',
      ],
    ],
    [
      'a business at home',
      french,
      business('FR', 'FR11123456782'),
      ['charged', 'FR', 200_000, 'Standard rate of FR, 20 %: the seller is registered in FR.'],
    ],
    [
      'an id of another country than the buyer says',
      french,
      business('FR', 'DE136695976'),
      [
        'charged',
        'FR',
        200_000,
        'Standard rate of FR, 20 %: the seller is registered in FR. VAT id DE136695976 is not of FR.',
      ],
    ],
    [
      'a valid id says where a business is when nobody else does',
      french,
      business(null, 'DE136695976'),
      [
        'reverse_charge',
        'DE',
        0,
        'Reverse charge: VAT id DE136695976 is of another EU member state (DE) than the seller’s (FR).',
      ],
    ],
    [
      'nobody knows where the buyer is',
      french,
      consumer(null),
      [
        'charged',
        'FR',
        200_000,
        'Standard rate of FR, 20 %: the seller is registered in FR. The buyer’s country is not known.',
      ],
    ],
    [
      'a British id is no EU id',
      french,
      business('GB', 'GB980780684'),
      ['not_registered', 'GB', 0, 'No tax: the seller is not registered in GB.'],
    ],
    [
      'abroad, where the seller is not registered, though there is a rate',
      french,
      consumer('NG'),
      ['not_registered', 'NG', 0, 'No tax: the seller is not registered in NG.'],
    ],
    [
      'another member state without the one-stop shop',
      frenchWithoutOss,
      consumer('DE'),
      ['not_registered', 'DE', 0, 'No tax: the seller is not registered in DE.'],
    ],
    [
      'a seller that is registered nowhere charges nobody',
      unregistered,
      consumer('FR'),
      ['not_registered', 'FR', 0, 'No tax: the seller is not registered in FR.'],
    ],
    [
      'half a percent is written as it is',
      nigerian,
      consumer('NG'),
      ['charged', 'NG', 75_000, 'Standard rate of NG, 7.5 %: the seller is registered in NG.'],
    ],
    [
      'a seller outside the EU has no reverse charge',
      nigerian,
      business('DE', 'DE136695976'),
      ['not_registered', 'DE', 0, 'No tax: the seller is not registered in DE.'],
    ],
  ];
  for (const [sentence, seller, buyer, expected] of rows) {
    it(sentence, () => {
      expect(decided(seller, buyer)).to.deep.equal(expected);
    });
  }

  const written: readonly [string, TaxBuyer, string][] = [
    ['fr', consumer('FR'), 'Taux normal de FR, 20 % : le vendeur y est enregistré (FR).'],
    ['fr-CH', consumer('FI'), 'Taux normal de FI, 25,5 % : le vendeur est enregistré au guichet unique de l’UE.'],
    ['fr', consumer('US'), 'Pas de taxe : le vendeur n’est pas enregistré dans ce pays (US).'],
    [
      'fr',
      consumer('MC'),
      'Taux normal de FR, 20 % : le vendeur y est enregistré (FR). Pour la taxe, MC relève de FR.',
    ],
    [
      'fr',
      business('DE', 'DE136695976'),
      'Autoliquidation : le numéro de TVA DE136695976 est d’un autre État membre de l’UE (DE) que celui du vendeur (FR).',
    ],
    ['ar', consumer('FI'), 'النسبة العادية للضريبة في FI، 25.5 %: البائع مسجَّل في نظام الشباك الواحد للاتحاد الأوروبي.'],
    // What nobody has written it in, and what is shaped like a language and is none.
    ['sw', consumer('FI'), 'Standard rate of FI, 25.5 %: the seller is registered in the EU one-stop shop.'],
    ['en-abcd-abcd', consumer('US'), 'No tax: the seller is not registered in US.'],
  ];
  for (const [language, buyer, sentence] of written) {
    it(`says why in the language of the invoice: ${language}, ${buyer.country ?? 'nowhere'}`, () => {
      expect(decided(french, buyer, language).at(-1)).to.equal(sentence);
    });
  }

  it('refuses to take an unknown rate for zero where tax is owed', () => {
    const senegal: TaxSeller = { country: 'SN', registrations: [{ kind: 'country', country: 'SN' }] };

    expect(() => decideTax(senegal, consumer('SN'), { ratePpm: null, language: 'en' }))
      .to.throw(DomainError)
      .with.property('code', 'invoicing.tax_rate_unknown');
  });
});
