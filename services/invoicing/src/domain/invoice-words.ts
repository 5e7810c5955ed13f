/**
 * The sentences an invoice says beside what it bills. Countries are their ISO codes, as on the rest of the invoice; a
 * remark begins with the space that divides it from what stands before it.
 */
export interface InvoiceWords {
  /** How numbers are written. */
  readonly locale: 'en' | 'fr' | 'ar';
  readonly standardRate: (country: string, percent: string, ground: string) => string;
  readonly registeredIn: (country: string) => string;
  readonly registeredForOss: string;
  readonly notRegistered: (country: string) => string;
  readonly reverseCharge: (vatId: string, buyer: string, seller: string) => string;
  readonly countryNotKnown: string;
  readonly taxedAs: (said: string, country: string) => string;
  readonly vatIdNotValid: (vatId: string) => string;
  readonly vatIdElsewhere: (vatId: string, country: string) => string;
  /** A preview carries over from an invoice that has no number yet. */
  readonly carriedOver: (number: string | null) => string;
  readonly taxedEarlier: (number: string | null) => string;
}

const IN_ENGLISH: InvoiceWords = {
  locale: 'en',
  standardRate: (country, percent, ground) => `Standard rate of ${country}, ${percent} %: ${ground}.`,
  registeredIn: (country) => `the seller is registered in ${country}`,
  registeredForOss: 'the seller is registered in the EU one-stop shop',
  notRegistered: (country) => `No tax: the seller is not registered in ${country}.`,
  reverseCharge: (vatId, buyer, seller) =>
    `Reverse charge: VAT id ${vatId} is of another EU member state (${buyer}) than the seller’s (${seller}).`,
  countryNotKnown: ' The buyer’s country is not known.',
  taxedAs: (said, country) => ` ${said} is ${country} for tax.`,
  vatIdNotValid: (vatId) => ` VAT id ${vatId} is not valid.`,
  vatIdElsewhere: (vatId, country) => ` VAT id ${vatId} is not of ${country}.`,
  carriedOver: (number) => `Carried over from invoice ${number ?? ''}`.trimEnd(),
  taxedEarlier: (number) => (number === null ? 'Taxed on the earlier invoice.' : `Taxed on invoice ${number}.`),
};

/** “Autoliquidation” is what article 226 (11a) of Directive 2006/112/EC asks for in French. */
const IN_FRENCH: InvoiceWords = {
  locale: 'fr',
  standardRate: (country, percent, ground) => `Taux normal de ${country}, ${percent} % : ${ground}.`,
  registeredIn: (country) => `le vendeur y est enregistré (${country})`,
  registeredForOss: 'le vendeur est enregistré au guichet unique de l’UE',
  notRegistered: (country) => `Pas de taxe : le vendeur n’est pas enregistré dans ce pays (${country}).`,
  reverseCharge: (vatId, buyer, seller) =>
    `Autoliquidation : le numéro de TVA ${vatId} est d’un autre État membre de l’UE (${buyer}) que celui du vendeur (${seller}).`,
  countryNotKnown: ' Le pays de l’acheteur n’est pas connu.',
  taxedAs: (said, country) => ` Pour la taxe, ${said} relève de ${country}.`,
  vatIdNotValid: (vatId) => ` Le numéro de TVA ${vatId} n’est pas valide.`,
  vatIdElsewhere: (vatId, country) => ` Le numéro de TVA ${vatId} n’est pas de ce pays (${country}).`,
  carriedOver: (number) => `Report de la facture ${number ?? ''}`.trimEnd(),
  taxedEarlier: (number) => (number === null ? 'Taxé sur la facture précédente.' : `Taxé sur la facture ${number}.`),
};

const IN_ARABIC: InvoiceWords = {
  locale: 'ar',
  standardRate: (country, percent, ground) => `النسبة العادية للضريبة في ${country}، ${percent} %: ${ground}.`,
  registeredIn: (country) => `البائع مسجَّل في ${country}`,
  registeredForOss: 'البائع مسجَّل في نظام الشباك الواحد للاتحاد الأوروبي',
  notRegistered: (country) => `لا ضريبة: البائع غير مسجَّل في ${country}.`,
  reverseCharge: (vatId, buyer, seller) =>
    `احتساب عكسي: الرقم الضريبي ${vatId} من دولة أخرى في الاتحاد الأوروبي (${buyer}) غير دولة البائع (${seller}).`,
  countryNotKnown: ' بلد المشتري غير معروف.',
  taxedAs: (said, country) => ` تُعامَل ${said} ضريبيًّا معاملة ${country}.`,
  vatIdNotValid: (vatId) => ` الرقم الضريبي ${vatId} غير صالح.`,
  vatIdElsewhere: (vatId, country) => ` الرقم الضريبي ${vatId} ليس من ${country}.`,
  carriedOver: (number) => `مُرحَّل من الفاتورة ${number ?? ''}`.trimEnd(),
  taxedEarlier: (number) =>
    number === null ? 'خضع للضريبة في الفاتورة السابقة.' : `خضع للضريبة في الفاتورة ${number}.`,
};

const WORDS: ReadonlyMap<string, InvoiceWords> = new Map([
  ['en', IN_ENGLISH],
  ['fr', IN_FRENCH],
  ['ar', IN_ARABIC],
]);

/** `fr-CA` is read as `fr`, and a language nobody has written them in as English. */
export const invoiceWords = (language: string): InvoiceWords => WORDS.get(language.split('-')[0] ?? '') ?? IN_ENGLISH;
