import { type Language } from '../html.ts';

/** What the payment pages say, in every language they speak. */
export interface PayTexts {
  readonly title: string;
  readonly back: string;
  readonly total: string;
  readonly email: string;
  readonly card: string;
  readonly expiry: string;
  readonly cvc: string;
  readonly name: string;
  readonly pay: string;
  readonly testCards: string;
  readonly receipt: string;
  readonly refunded: string;
  readonly closedTitle: string;
  readonly closed: string;
  readonly challengeTitle: string;
  readonly challenge: string;
  readonly complete: string;
  readonly fail: string;
  readonly invalidNumber: string;
  readonly invalidExpiry: string;
  readonly invalidCvc: string;
  readonly declined: string;
  readonly insufficientFunds: string;
  readonly expiredCard: string;
  readonly notAuthenticated: string;
}

export const PAY_TEXTS: Readonly<Record<Language, PayTexts>> = {
  en: {
    title: 'Payment',
    back: 'Back, without paying',
    total: 'Total due',
    email: 'E-mail',
    card: 'Card number',
    expiry: 'Expiry (MM / YY)',
    cvc: 'Security code',
    name: 'Name on card',
    pay: 'Pay',
    testCards: 'Test cards',
    receipt: 'Receipt',
    refunded: 'Refunded',
    closedTitle: 'This payment page is closed',
    closed: 'It has expired or was replaced. Nothing was charged. Go back to where you came from and start again.',
    challengeTitle: 'Your bank wants to be sure that it is you',
    challenge: '3-D Secure test page. Confirm the payment, or refuse it.',
    complete: 'Confirm the payment',
    fail: 'Refuse the payment',
    invalidNumber: 'This card number is not valid here. Please use one of the test cards.',
    invalidExpiry: 'The expiry date is not valid or in the past. Please check it.',
    invalidCvc: 'The security code has three or four digits. Please check it.',
    declined: 'We are sorry, the card was declined. You were not charged. Please try another card.',
    insufficientFunds: 'We are sorry, the card has insufficient funds. You were not charged. Please try another card.',
    expiredCard: 'We are sorry, the card has expired. You were not charged. Please try another card.',
    notAuthenticated:
      'The bank could not confirm that it was you. You were not charged. Please try again or use another card.',
  },
  fr: {
    title: 'Paiement',
    back: 'Retour, sans payer',
    total: 'Total à payer',
    email: 'E-mail',
    card: 'Numéro de carte',
    expiry: 'Expiration (MM / AA)',
    cvc: 'Code de sécurité',
    name: 'Nom sur la carte',
    pay: 'Payer',
    testCards: 'Cartes de test',
    receipt: 'Reçu',
    refunded: 'Remboursé',
    closedTitle: 'Cette page de paiement est fermée',
    closed: 'Elle a expiré ou a été remplacée. Rien n’a été débité. Revenez à la page précédente et recommencez.',
    challengeTitle: 'Votre banque veut s’assurer que c’est bien vous',
    challenge: 'Page de test 3-D Secure. Confirmez le paiement ou refusez-le.',
    complete: 'Confirmer le paiement',
    fail: 'Refuser le paiement',
    invalidNumber: 'Ce numéro de carte n’est pas valable ici. Utilisez une des cartes de test.',
    invalidExpiry: 'La date d’expiration n’est pas valable ou est passée. Vérifiez-la.',
    invalidCvc: 'Le code de sécurité a trois ou quatre chiffres. Vérifiez-le.',
    declined: 'Désolé, la carte a été refusée. Rien n’a été débité. Essayez une autre carte.',
    insufficientFunds: 'Désolé, la provision est insuffisante. Rien n’a été débité. Essayez une autre carte.',
    expiredCard: 'Désolé, la carte a expiré. Rien n’a été débité. Essayez une autre carte.',
    notAuthenticated:
      'La banque n’a pas pu confirmer votre identité. Rien n’a été débité. Réessayez ou changez de carte.',
  },
  ar: {
    title: 'الدفع',
    back: 'رجوع دون دفع',
    total: 'المبلغ المستحق',
    email: 'البريد الإلكتروني',
    card: 'رقم البطاقة',
    expiry: 'تاريخ الانتهاء (شهر / سنة)',
    cvc: 'رمز الأمان',
    name: 'الاسم على البطاقة',
    pay: 'ادفع',
    testCards: 'بطاقات اختبار',
    receipt: 'إيصال',
    refunded: 'المبلغ المسترد',
    closedTitle: 'صفحة الدفع هذه مغلقة',
    closed: 'انتهت صلاحيتها أو استُبدلت. لم يُخصم أي مبلغ. عُد من حيث أتيت وابدأ من جديد.',
    challengeTitle: 'يريد مصرفك التأكد من هويتك',
    challenge: 'صفحة اختبار 3-D Secure. أكّد الدفع أو ارفضه.',
    complete: 'تأكيد الدفع',
    fail: 'رفض الدفع',
    invalidNumber: 'رقم البطاقة غير صالح هنا. استخدم إحدى بطاقات الاختبار.',
    invalidExpiry: 'تاريخ الانتهاء غير صالح أو مضى. يرجى التحقق منه.',
    invalidCvc: 'رمز الأمان من ثلاثة أو أربعة أرقام. يرجى التحقق منه.',
    declined: 'نأسف، رُفضت البطاقة. لم يُخصم أي مبلغ. جرّب بطاقة أخرى.',
    insufficientFunds: 'نأسف، الرصيد غير كافٍ. لم يُخصم أي مبلغ. جرّب بطاقة أخرى.',
    expiredCard: 'نأسف، انتهت صلاحية البطاقة. لم يُخصم أي مبلغ. جرّب بطاقة أخرى.',
    notAuthenticated: 'لم يتمكن المصرف من تأكيد هويتك. لم يُخصم أي مبلغ. حاول مجددًا أو استخدم بطاقة أخرى.',
  },
};

export type PayProblem =
  | 'invalidNumber'
  | 'invalidExpiry'
  | 'invalidCvc'
  | 'declined'
  | 'insufficientFunds'
  | 'expiredCard'
  | 'notAuthenticated';

const ZERO_DECIMAL = new Set([
  'bif',
  'clp',
  'djf',
  'gnf',
  'jpy',
  'kmf',
  'krw',
  'mga',
  'pyg',
  'rwf',
  'vnd',
  'vuv',
  'xaf',
  'xof',
  'xpf',
]);

const THREE_DECIMAL = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd']);

/** Stripe's own idea of minor units, which is not ISO's for every currency. */
export const formatStripeAmount = (amountMinor: number, currency: string, language: Language): string => {
  const digits = ZERO_DECIMAL.has(currency) ? 0 : THREE_DECIMAL.has(currency) ? 3 : 2;
  const locale = language === 'ar' ? 'ar-u-nu-latn' : language;
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: currency.toUpperCase(),
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amountMinor / 10 ** digits);
};
