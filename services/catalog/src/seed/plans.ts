/**
 * What is on sale on the first day: both families of plans as two products, and the platform's other products with what
 * each of them measures. Prices in minor units (XOF has none).
 */
import { type Meter, type PlanItem } from '../domain/plan.ts';
import {
  allow,
  deny,
  level,
  limit,
  perDollar,
  price,
  priceIn,
  type Seed,
  type SeedProduct,
  unlimited,
} from './build.ts';

const assistantLabels = {
  en: {
    messages: 'Messages per month',
    team_members: 'Team members',
    models: 'Models',
    'models.essential': 'essential',
    'models.advanced': 'advanced',
    'models.all': 'all',
    image_generation: 'Image generation',
    support: 'Support',
    'support.community': 'community',
    'support.email': 'by e-mail',
    'support.premium': 'premium',
  },
  fr: {
    messages: 'Messages par mois',
    team_members: 'Membres de l’équipe',
    models: 'Modèles',
    'models.essential': 'essentiels',
    'models.advanced': 'avancés',
    'models.all': 'tous',
    image_generation: 'Création d’images',
    support: 'Assistance',
    'support.community': 'communautaire',
    'support.email': 'par e-mail',
    'support.premium': 'premium',
  },
  ar: {
    messages: 'الرسائل في الشهر',
    team_members: 'أعضاء الفريق',
    models: 'النماذج',
    'models.essential': 'الأساسية',
    'models.advanced': 'المتقدمة',
    'models.all': 'جميعها',
    image_generation: 'توليد الصور',
    support: 'الدعم',
    'support.community': 'من المجتمع',
    'support.email': 'عبر البريد الإلكتروني',
    'support.premium': 'متميز',
  },
};

const chat = (models: readonly string[], quota: number, overage: PlanItem['overage']): PlanItem => ({
  key: 'chat',
  icon: 'message-circle',
  models,
  quota,
  reset: 'month',
  overage,
  texts: {
    en: { name: 'Conversations', description: 'Questions and answers with the models of this plan.' },
    fr: { name: 'Conversations', description: 'Questions et réponses avec les modèles de cette formule.' },
    ar: { name: 'المحادثات', description: 'أسئلة وأجوبة مع نماذج هذه الباقة.' },
  },
});

const images = (quota: number, overage: PlanItem['overage']): PlanItem => ({
  key: 'images',
  icon: 'photo',
  models: ['image-standard'],
  quota,
  reset: 'month',
  overage,
  texts: {
    en: { name: 'Images', description: 'Pictures made from a description.' },
    fr: { name: 'Images', description: 'Des images créées à partir d’une description.' },
    ar: { name: 'الصور', description: 'صور تُنشأ من وصف مكتوب.' },
  },
});

/** No card is asked for. */
const TRIAL_DAYS = 14;

const ESSENTIAL = ['text-small'];
const ADVANCED = ['text-small', 'text-large'];
const ALL = ['text-small', 'text-large', 'text-reasoning'];

const assistant: SeedProduct = {
  key: 'assistant',
  prorationBasis: 'fixed30',
  meters: [
    {
      key: 'messages',
      unit: 'message',
      aggregation: 'sum',
      texts: { en: { name: 'Messages' }, fr: { name: 'Messages' }, ar: { name: 'الرسائل' } },
    },
    {
      key: 'images',
      unit: 'image',
      aggregation: 'sum',
      texts: { en: { name: 'Images' }, fr: { name: 'Images' }, ar: { name: 'الصور' } },
    },
  ],
  texts: {
    en: { name: 'Assistant', description: 'One place to work with language and image models.' },
    fr: { name: 'Assistant', description: 'Un seul endroit pour travailler avec des modèles de langage et d’image.' },
    ar: { name: 'المساعد', description: 'مكان واحد للعمل مع نماذج اللغة والصور.' },
  },
  plans: [
    {
      key: 'free',
      editionKey: 'cloud',
      accountId: null,
      rank: 0,
      selfServe: true,
      texts: {
        en: {
          name: 'Free',
          description: 'Basic access with limited quotas, to try it out.',
          callToAction: 'Start for free',
          labels: assistantLabels.en,
        },
        fr: {
          name: 'Gratuit',
          description: 'Un accès de base aux quotas limités, pour découvrir.',
          callToAction: 'Commencer gratuitement',
          labels: assistantLabels.fr,
        },
        ar: {
          name: 'المجانية',
          description: 'وصول أساسي بحصص محدودة للتجربة.',
          callToAction: 'ابدأ مجانًا',
          labels: assistantLabels.ar,
        },
      },
      prices: price('USD', 0n, 0n),
      entitlements: [
        limit('messages', 200),
        limit('team_members', 1),
        level('models', 'essential'),
        deny('image_generation'),
        level('support', 'community'),
      ],
      items: [chat(ESSENTIAL, 200, 'block')],
      trialDays: 0,
    },
    {
      key: 'basic',
      editionKey: 'cloud',
      accountId: null,
      rank: 1,
      selfServe: true,
      texts: {
        en: {
          name: 'Basic',
          description: 'The first paid plan, for one person.',
          callToAction: 'Choose Basic',
          labels: assistantLabels.en,
        },
        fr: {
          name: 'Basique',
          description: 'La première formule payante, pour une personne.',
          callToAction: 'Choisir Basique',
          labels: assistantLabels.fr,
        },
        ar: {
          name: 'الأساسية',
          description: 'أول باقة مدفوعة، لشخص واحد.',
          callToAction: 'اختر الأساسية',
          labels: assistantLabels.ar,
        },
      },
      prices: [
        ...price('USD', 1000n, 10_000n),
        ...price('EUR', 1100n, 11_000n),
        ...price('GBP', 1000n, 10_000n),
        ...price('NGN', 1_500_000n, 15_000_000n),
        ...price('KES', 130_000n, 1_300_000n),
        ...price('XOF', 6000n, 60_000n),
        ...priceIn('SN', price('XOF', 5000n, 50_000n)),
      ],
      entitlements: [
        limit('messages', 2000),
        limit('team_members', 1),
        level('models', 'essential'),
        allow('image_generation'),
        level('support', 'email'),
      ],
      items: [chat(ESSENTIAL, 2000, 'block'), images(50, 'block')],
      trialDays: TRIAL_DAYS,
    },
    {
      key: 'standard',
      editionKey: 'cloud',
      accountId: null,
      rank: 2,
      selfServe: true,
      texts: {
        en: {
          name: 'Standard',
          description: 'More models and larger quotas, for small teams.',
          callToAction: 'Choose Standard',
          labels: assistantLabels.en,
        },
        fr: {
          name: 'Standard',
          description: 'Plus de modèles et des quotas plus larges, pour les petites équipes.',
          callToAction: 'Choisir Standard',
          labels: assistantLabels.fr,
        },
        ar: {
          name: 'القياسية',
          description: 'نماذج أكثر وحصص أكبر للفرق الصغيرة.',
          callToAction: 'اختر القياسية',
          labels: assistantLabels.ar,
        },
      },
      prices: [
        ...price('USD', 2000n, 20_000n),
        ...price('EUR', 2200n, 22_000n),
        ...price('GBP', 1900n, 19_000n),
        ...price('NGN', 3_000_000n, 30_000_000n),
        ...price('KES', 260_000n, 2_600_000n),
        ...price('XOF', 12_000n, 120_000n),
        ...priceIn('SN', price('XOF', 10_000n, 100_000n)),
      ],
      entitlements: [
        limit('messages', 10_000),
        limit('team_members', 5),
        level('models', 'advanced'),
        allow('image_generation'),
        level('support', 'email'),
      ],
      items: [chat(ADVANCED, 10_000, 'warn'), images(300, 'charge')],
      trialDays: TRIAL_DAYS,
    },
    {
      key: 'professional',
      editionKey: 'cloud',
      accountId: null,
      rank: 3,
      selfServe: true,
      texts: {
        en: {
          name: 'Professional',
          description: 'Full access with premium support, for companies.',
          callToAction: 'Choose Professional',
          labels: assistantLabels.en,
        },
        fr: {
          name: 'Professionnel',
          description: 'L’accès complet avec une assistance premium, pour les entreprises.',
          callToAction: 'Choisir Professionnel',
          labels: assistantLabels.fr,
        },
        ar: {
          name: 'الاحترافية',
          description: 'وصول كامل مع دعم متميز للشركات.',
          callToAction: 'اختر الاحترافية',
          labels: assistantLabels.ar,
        },
      },
      prices: [
        ...price('USD', 5000n, 50_000n),
        ...price('EUR', 5500n, 55_000n),
        ...price('GBP', 4800n, 48_000n),
        ...price('NGN', 7_500_000n, 75_000_000n),
        ...price('KES', 650_000n, 6_500_000n),
        ...price('XOF', 30_000n, 300_000n),
      ],
      entitlements: [
        unlimited('messages'),
        limit('team_members', 25),
        level('models', 'all'),
        allow('image_generation'),
        level('support', 'premium'),
      ],
      items: [chat(ALL, -1, 'warn'), images(2000, 'charge')],
      trialDays: TRIAL_DAYS,
    },
  ],
};

const automationLabels = {
  en: {
    workflows: 'Workflows',
    agents: 'AI agents',
    api_calls: 'API calls per month',
    analytics: 'Analytics',
    'analytics.basic': 'basic',
    'analytics.advanced': 'advanced',
    support: 'Support',
    'support.community': 'community',
    'support.priority': 'priority',
    'support.dedicated': 'dedicated',
    custom_integrations: 'Custom integrations',
    sla: 'SLA guarantee',
    on_premise: 'On-premise option',
  },
  fr: {
    workflows: 'Flux de travail',
    agents: 'Agents IA',
    api_calls: 'Appels d’API par mois',
    analytics: 'Statistiques',
    'analytics.basic': 'de base',
    'analytics.advanced': 'avancées',
    support: 'Assistance',
    'support.community': 'communautaire',
    'support.priority': 'prioritaire',
    'support.dedicated': 'dédiée',
    custom_integrations: 'Intégrations sur mesure',
    sla: 'Garantie de service (SLA)',
    on_premise: 'Installation sur site',
  },
  ar: {
    workflows: 'مسارات العمل',
    agents: 'وكلاء الذكاء الاصطناعي',
    api_calls: 'طلبات الواجهة البرمجية في الشهر',
    analytics: 'التحليلات',
    'analytics.basic': 'أساسية',
    'analytics.advanced': 'متقدمة',
    support: 'الدعم',
    'support.community': 'من المجتمع',
    'support.priority': 'ذو أولوية',
    'support.dedicated': 'مخصص',
    custom_integrations: 'تكاملات مخصصة',
    sla: 'ضمان مستوى الخدمة',
    on_premise: 'خيار التثبيت في مقركم',
  },
};

const automation: SeedProduct = {
  key: 'automation',
  prorationBasis: 'actual',
  meters: [
    {
      key: 'api_calls',
      unit: 'call',
      aggregation: 'sum',
      texts: { en: { name: 'API calls' }, fr: { name: 'Appels d’API' }, ar: { name: 'طلبات الواجهة البرمجية' } },
    },
    {
      key: 'workflows',
      unit: 'workflow',
      aggregation: 'last',
      texts: { en: { name: 'Workflows' }, fr: { name: 'Flux de travail' }, ar: { name: 'مسارات العمل' } },
    },
  ],
  texts: {
    en: { name: 'Automation', description: 'Workflows and agents that do the routine work.' },
    fr: {
      name: 'Automatisation',
      description: 'Des flux de travail et des agents qui se chargent des tâches courantes.',
    },
    ar: { name: 'الأتمتة', description: 'مسارات عمل ووكلاء ينجزون الأعمال المتكررة.' },
  },
  plans: [
    {
      key: 'free',
      editionKey: 'cloud',
      accountId: null,
      rank: 0,
      selfServe: true,
      texts: {
        en: {
          name: 'Free',
          description: 'Three workflows and one agent, to get started.',
          callToAction: 'Start for free',
          labels: automationLabels.en,
        },
        fr: {
          name: 'Gratuit',
          description: 'Trois flux de travail et un agent, pour commencer.',
          callToAction: 'Commencer gratuitement',
          labels: automationLabels.fr,
        },
        ar: {
          name: 'المجانية',
          description: 'ثلاثة مسارات عمل ووكيل واحد للبدء.',
          callToAction: 'ابدأ مجانًا',
          labels: automationLabels.ar,
        },
      },
      prices: price('USD', 0n, 0n),
      entitlements: [
        limit('workflows', 3),
        limit('agents', 1),
        limit('api_calls', 1000),
        level('analytics', 'basic'),
        level('support', 'community'),
        deny('custom_integrations'),
      ],
      items: [],
      trialDays: 0,
    },
    {
      key: 'pro',
      editionKey: 'cloud',
      accountId: null,
      rank: 1,
      selfServe: true,
      texts: {
        en: {
          name: 'Pro',
          description: 'Unlimited workflows and ten agents of your own.',
          callToAction: 'Choose Pro',
          labels: automationLabels.en,
        },
        fr: {
          name: 'Pro',
          description: 'Des flux de travail illimités et dix agents à vous.',
          callToAction: 'Choisir Pro',
          labels: automationLabels.fr,
        },
        ar: {
          name: 'المحترفون',
          description: 'مسارات عمل بلا حدود وعشرة وكلاء خاصين بك.',
          callToAction: 'اختر المحترفين',
          labels: automationLabels.ar,
        },
      },
      prices: [
        ...price('USD', 9900n, 99_000n),
        ...price('EUR', 10_900n, 109_000n),
        ...price('GBP', 9500n, 95_000n),
        ...price('NGN', 15_000_000n, 150_000_000n),
        ...price('KES', 1_280_000n, 12_800_000n),
        ...price('XOF', 60_000n, 600_000n),
      ],
      entitlements: [
        unlimited('workflows'),
        limit('agents', 10),
        limit('api_calls', 100_000),
        level('analytics', 'advanced'),
        level('support', 'priority'),
        allow('custom_integrations'),
      ],
      items: [],
      trialDays: TRIAL_DAYS,
    },
    {
      key: 'enterprise',
      editionKey: 'enterprise',
      accountId: null,
      rank: 2,
      selfServe: false,
      texts: {
        en: {
          name: 'Enterprise',
          description: 'Everything in Pro, without limits, on your terms.',
          callToAction: 'Contact sales',
          labels: automationLabels.en,
        },
        fr: {
          name: 'Entreprise',
          description: 'Tout ce qu’offre Pro, sans limites, à vos conditions.',
          callToAction: 'Contacter l’équipe commerciale',
          labels: automationLabels.fr,
        },
        ar: {
          name: 'المؤسسات',
          description: 'كل ما في باقة المحترفين بلا حدود وبشروطكم.',
          callToAction: 'تواصلوا مع المبيعات',
          labels: automationLabels.ar,
        },
      },
      prices: [],
      entitlements: [
        unlimited('workflows'),
        unlimited('agents'),
        unlimited('api_calls'),
        level('analytics', 'advanced'),
        level('support', 'dedicated'),
        allow('custom_integrations'),
        allow('sla'),
        allow('on_premise'),
      ],
      items: [],
      trialDays: 0,
    },
  ],
};

/** What one of the platform's other products measures and sells: one plan for a team, with so much of it included. */
interface MeteredProduct {
  readonly key: string;
  readonly meter: Pick<Meter, 'key' | 'unit' | 'aggregation'>;
  readonly included: number;
  readonly monthUsd: bigint;
  /** Name and description of the product, and what is measured, per language. */
  readonly en: readonly [name: string, description: string, measured: string];
  readonly fr: readonly [name: string, description: string, measured: string];
  readonly ar: readonly [name: string, description: string, measured: string];
}

const METERED: readonly MeteredProduct[] = [
  {
    key: 'factory',
    meter: { key: 'generations', unit: 'generation', aggregation: 'sum' },
    included: 100,
    monthUsd: 14_900n,
    en: ['AI Factory', 'Generates complete software products from a description.', 'Generations per month'],
    fr: ['Fabrique IA', 'Génère des logiciels complets à partir d’une description.', 'Générations par mois'],
    ar: ['مصنع الذكاء الاصطناعي', 'يولّد منتجات برمجية كاملة من وصف مكتوب.', 'عمليات التوليد في الشهر'],
  },
  {
    key: 'marketing-hub',
    meter: { key: 'campaigns', unit: 'campaign', aggregation: 'sum' },
    included: 50,
    monthUsd: 7900n,
    en: ['Digital Marketing Hub', 'Plans, runs and measures campaigns in one place.', 'Campaigns per month'],
    fr: ['Pôle marketing digital', 'Planifie, lance et mesure les campagnes au même endroit.', 'Campagnes par mois'],
    ar: ['مركز التسويق الرقمي', 'يخطط الحملات ويطلقها ويقيس نتائجها في مكان واحد.', 'الحملات في الشهر'],
  },
  {
    key: 'short-links',
    meter: { key: 'clicks', unit: 'click', aggregation: 'sum' },
    included: 50_000,
    monthUsd: 1900n,
    en: ['Short Links', 'Short addresses that say who followed them.', 'Clicks per month'],
    fr: ['Liens courts', 'Des adresses courtes qui indiquent qui les a suivies.', 'Clics par mois'],
    ar: ['الروابط المختصرة', 'عناوين قصيرة تبيّن من تبعها.', 'النقرات في الشهر'],
  },
  {
    key: 'workflow-orchestrator',
    meter: { key: 'executions', unit: 'execution', aggregation: 'sum' },
    included: 10_000,
    monthUsd: 4900n,
    en: ['Workflow Orchestrator', 'Runs long processes reliably, step by step.', 'Executions per month'],
    fr: [
      'Orchestrateur de flux',
      'Exécute de longs processus de façon fiable, étape par étape.',
      'Exécutions par mois',
    ],
    ar: ['منسّق سير العمل', 'ينفّذ العمليات الطويلة بثبات، خطوة بعد خطوة.', 'عمليات التنفيذ في الشهر'],
  },
  {
    key: 'headless-cms',
    meter: { key: 'content_entries', unit: 'entry', aggregation: 'max' },
    included: 5000,
    monthUsd: 3900n,
    en: ['Headless CMS', 'Content once, delivered to every channel.', 'Content entries'],
    fr: ['CMS headless', 'Un contenu saisi une fois, diffusé sur tous les canaux.', 'Entrées de contenu'],
    ar: ['نظام إدارة المحتوى', 'محتوى يُكتب مرة ويُنشر في كل القنوات.', 'عناصر المحتوى'],
  },
  {
    key: 'crm',
    meter: { key: 'contacts', unit: 'contact', aggregation: 'max' },
    included: 2500,
    monthUsd: 4500n,
    en: ['CRM', 'Customers, deals and conversations in one view.', 'Contacts'],
    fr: ['CRM', 'Clients, affaires et échanges dans une seule vue.', 'Contacts'],
    ar: ['إدارة علاقات العملاء', 'العملاء والصفقات والمحادثات في عرض واحد.', 'جهات الاتصال'],
  },
  {
    key: 'ai-bot',
    meter: { key: 'conversations', unit: 'conversation', aggregation: 'sum' },
    included: 2000,
    monthUsd: 5900n,
    en: ['AI Bot', 'Answers customers at any hour, in their language.', 'Conversations per month'],
    fr: ['Bot IA', 'Répond aux clients à toute heure, dans leur langue.', 'Conversations par mois'],
    ar: ['المحادث الذكي', 'يجيب العملاء في كل ساعة وبلغتهم.', 'المحادثات في الشهر'],
  },
  {
    key: 'marketing-copilot',
    meter: { key: 'ai_actions', unit: 'action', aggregation: 'sum' },
    included: 1000,
    monthUsd: 2900n,
    en: ['AI Marketing Copilot', 'Writes, adapts and proposes what to publish next.', 'AI actions per month'],
    fr: ['Copilote marketing IA', 'Rédige, adapte et propose la prochaine publication.', 'Actions IA par mois'],
    ar: ['مساعد التسويق الذكي', 'يكتب ويكيّف ويقترح ما يُنشر تاليًا.', 'إجراءات الذكاء الاصطناعي في الشهر'],
  },
  {
    key: 'digital-forms',
    meter: { key: 'submissions', unit: 'submission', aggregation: 'sum' },
    included: 3000,
    monthUsd: 1500n,
    en: ['Digital Forms', 'Forms that are built in minutes and answered anywhere.', 'Submissions per month'],
    fr: ['Formulaires numériques', 'Des formulaires créés en minutes, remplis partout.', 'Réponses par mois'],
    ar: ['النماذج الرقمية', 'نماذج تُبنى في دقائق وتُملأ في أي مكان.', 'الردود في الشهر'],
  },
  {
    key: 'insurance-suite',
    meter: { key: 'policies', unit: 'policy', aggregation: 'max' },
    included: 1000,
    monthUsd: 19_900n,
    en: ['Insurance Suite', 'Policies, claims and renewals from quote to payout.', 'Active policies'],
    fr: ['Suite assurance', 'Contrats, sinistres et renouvellements, du devis au règlement.', 'Contrats actifs'],
    ar: ['حزمة التأمين', 'الوثائق والمطالبات والتجديدات من العرض حتى السداد.', 'الوثائق السارية'],
  },
  {
    key: 'integration-platform',
    meter: { key: 'connectors', unit: 'connector', aggregation: 'max' },
    included: 20,
    monthUsd: 9900n,
    en: ['Integration Platform', 'Connects the systems a company already has.', 'Active connectors'],
    fr: ['Plateforme d’intégration', 'Relie les systèmes que l’entreprise possède déjà.', 'Connecteurs actifs'],
    ar: ['منصة التكامل', 'تربط الأنظمة التي تملكها الشركة أصلًا.', 'الموصلات النشطة'],
  },
  {
    key: 'support-platform',
    meter: { key: 'tickets', unit: 'ticket', aggregation: 'sum' },
    included: 1500,
    monthUsd: 3500n,
    en: ['Support Platform', 'Every request of every channel in one queue.', 'Tickets per month'],
    fr: ['Plateforme d’assistance', 'Toutes les demandes, de tous les canaux, dans une file.', 'Tickets par mois'],
    ar: ['منصة الدعم', 'كل الطلبات من كل القنوات في قائمة واحدة.', 'التذاكر في الشهر'],
  },
  {
    key: 'marketplace',
    meter: { key: 'listings', unit: 'listing', aggregation: 'max' },
    included: 200,
    monthUsd: 2500n,
    en: ['Marketplace', 'Products of partners, sold under one roof.', 'Active listings'],
    fr: ['Place de marché', 'Les produits des partenaires, vendus sous un même toit.', 'Annonces actives'],
    ar: ['السوق', 'منتجات الشركاء تُباع تحت سقف واحد.', 'العروض النشطة'],
  },
  {
    key: 'adtech',
    meter: { key: 'impressions', unit: 'impression', aggregation: 'sum' },
    included: 1_000_000,
    monthUsd: 12_900n,
    en: ['AdTech', 'Buys and places advertising where it works.', 'Impressions per month'],
    fr: ['AdTech', 'Achète et place la publicité là où elle est efficace.', 'Impressions par mois'],
    ar: ['تقنيات الإعلان', 'تشتري الإعلانات وتضعها حيث تنجح.', 'مرات الظهور في الشهر'],
  },
  {
    key: 'hr',
    meter: { key: 'employees', unit: 'employee', aggregation: 'max' },
    included: 50,
    monthUsd: 6900n,
    en: ['HR', 'From the application to the last day, for every employee.', 'Employees'],
    fr: ['RH', 'De la candidature au dernier jour, pour chaque salarié.', 'Salariés'],
    ar: ['الموارد البشرية', 'من طلب التوظيف حتى آخر يوم لكل موظف.', 'الموظفون'],
  },
];

const TEAM = {
  en: { name: 'Team', callToAction: 'Choose Team' },
  fr: { name: 'Équipe', callToAction: 'Choisir Équipe' },
  ar: { name: 'الفريق', callToAction: 'اختر باقة الفريق' },
} as const;

const inEach = <Texts>(say: (language: keyof typeof TEAM) => Texts) => ({
  en: say('en'),
  fr: say('fr'),
  ar: say('ar'),
});

const metered = (product: MeteredProduct): SeedProduct => {
  const { key, meter, included, monthUsd } = product;
  return {
    key,
    prorationBasis: 'actual',
    meters: [{ ...meter, texts: inEach((language) => ({ name: product[language][2] })) }],
    texts: inEach((language) => ({ name: product[language][0], description: product[language][1] })),
    plans: [
      {
        key: 'team',
        editionKey: 'cloud',
        accountId: null,
        rank: 1,
        selfServe: true,
        texts: inEach((language) => ({
          ...TEAM[language],
          description: product[language][1],
          labels: { [meter.key]: product[language][2] },
        })),
        // Ten months buy a year.
        prices: price('USD', monthUsd, monthUsd * 10n),
        entitlements: [limit(meter.key, included)],
        items: [],
        trialDays: TRIAL_DAYS,
      },
    ],
  };
};

const AS_OF = '2026-11-01T00:00:00.000Z';

export const seed: Seed = {
  products: [assistant, automation, ...METERED.map(metered)],
  rates: [
    perDollar('EUR', 92_000_000n, AS_OF),
    perDollar('GBP', 79_000_000n, AS_OF),
    perDollar('NGN', 155_000_000_000n, AS_OF),
    perDollar('GHS', 1_520_000_000n, AS_OF),
    perDollar('KES', 12_900_000_000n, AS_OF),
    perDollar('ZAR', 1_820_000_000n, AS_OF),
    perDollar('XOF', 60_500_000_000n, AS_OF),
    perDollar('CNY', 720_000_000n, AS_OF),
  ],
};
