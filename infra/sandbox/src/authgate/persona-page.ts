import { html, type Html, type Language, page } from '../html.ts';
import { PERSONAS } from './people.ts';

const TEXTS: Readonly<
  Record<
    Language,
    {
      title: string;
      intro: string;
      customers: string;
      operators: string;
      fresh: string;
      freshAbout: string;
      roles: Record<string, string>;
    }
  >
> = {
  en: {
    title: 'Who would you like to be?',
    intro: 'This is the sandbox of AuthGate. Choose somebody; there is no password.',
    customers: 'Customers',
    operators: 'Operators',
    fresh: 'A new customer',
    freshAbout: 'with an account of their own, without any plan',
    roles: {
      amal: 'Owner of Atlas Studio (acc_atlas)',
      bruno: 'Owner of Cobalt Labs (acc_cobalt)',
      finance: 'Sees and manages every bill',
      'super-admin': 'May do everything, also payment settings',
      onboarding: 'Helps customers with their plan',
    },
  },
  fr: {
    title: 'Qui voulez-vous être ?',
    intro: 'Ceci est le bac à sable d’AuthGate. Choisissez quelqu’un ; il n’y a pas de mot de passe.',
    customers: 'Clients',
    operators: 'Opérateurs',
    fresh: 'Un nouveau client',
    freshAbout: 'avec son propre compte, sans forfait',
    roles: {
      amal: 'Propriétaire d’Atlas Studio (acc_atlas)',
      bruno: 'Propriétaire de Cobalt Labs (acc_cobalt)',
      finance: 'Voit et gère toutes les factures',
      'super-admin': 'Peut tout faire, y compris les réglages de paiement',
      onboarding: 'Aide les clients à choisir leur forfait',
    },
  },
  ar: {
    title: 'من تريد أن تكون؟',
    intro: 'هذه بيئة AuthGate التجريبية. اختر شخصًا؛ لا توجد كلمة مرور.',
    customers: 'العملاء',
    operators: 'المشغّلون',
    fresh: 'عميل جديد',
    freshAbout: 'بحساب خاص به ودون أي باقة',
    roles: {
      amal: 'مالكة Atlas Studio (acc_atlas)',
      bruno: 'مالك Cobalt Labs (acc_cobalt)',
      finance: 'ترى كل الفواتير وتديرها',
      'super-admin': 'يستطيع كل شيء، بما فيه إعدادات الدفع',
      onboarding: 'تساعد العملاء في باقاتهم',
    },
  },
};

export const personaPage = (language: Language, action: string): string => {
  const texts = TEXTS[language];
  const group = (kind: 'customer' | 'operator'): readonly Html[] =>
    PERSONAS.filter((persona) => persona.kind === kind).map((persona) =>
      button(persona.key, persona.person.name, texts.roles[persona.key] ?? ''),
    );
  const body = html`<section class="card">
    <h1>${texts.title}</h1>
    <p class="soft">${texts.intro}</p>
    <form method="post" action="${action}">
      <h2>${texts.customers}</h2>
      ${group('customer')}${button('new-customer', texts.fresh, texts.freshAbout)}
      <h2>${texts.operators}</h2>
      ${group('operator')}
    </form>
  </section>`;
  return page({ language, title: texts.title, layout: 'narrow', body });
};

const button = (key: string, name: string, about: string): Html =>
  html`<button class="big" name="persona" value="${key}">
    <strong><bdi>${name}</bdi></strong
    ><span class="soft">${about}</span>
  </button>`;
