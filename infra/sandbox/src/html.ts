/** Markup that is safe to send. Only `html` makes it, and it escapes what it is given. */
export interface Html {
  readonly markup: string;
}

type Piece = string | number | Html | readonly Html[] | null;

export const html = (strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html => ({
  markup: strings.map((text, index) => text + rendered(pieces[index] ?? null)).join(''),
});

const rendered = (piece: Piece): string => {
  if (piece === null) return '';
  if (typeof piece === 'string' || typeof piece === 'number') return escapeText(String(piece));
  return 'markup' in piece ? piece.markup : piece.map((item) => item.markup).join('');
};

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeText = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

export type Language = 'en' | 'fr' | 'ar';

/** The first language of a list such as `ar fr` or `fr-FR` that the pages speak; English otherwise. */
export const pickLanguage = (...wishes: readonly (string | null | undefined)[]): Language => {
  for (const wish of wishes.flatMap((list) => (list ?? '').toLowerCase().split(/[\s,;]+/))) {
    const language = wish.split('-')[0];
    if (language === 'en' || language === 'fr' || language === 'ar') return language;
  }
  return 'en';
};

const directionOf = (language: Language): 'ltr' | 'rtl' => (language === 'ar' ? 'rtl' : 'ltr');

/** The style is ours, not a value: it enters the page unescaped. */
const STYLE: Html = {
  markup: `<style>
:root{--ink:#17212f;--soft:#5a6577;--line:#d7dce4;--page:#f4f5f8;--main:#2b3f8c;--bad:#9c1c28}
*{box-sizing:border-box}body{margin:0;font:16px/1.5 system-ui,"Segoe UI","IBM Plex Sans Arabic",sans-serif;color:var(--ink);background:var(--page)}
.strip{background:#fff3d6;color:#6b4a00;text-align:center;padding:.35rem 1rem;font-size:.85rem}
main{max-width:60rem;margin:2rem auto;padding:0 1rem;display:grid;gap:2rem;grid-template-columns:1fr}
main.two{grid-template-columns:1fr}@media(min-width:48rem){main.two{grid-template-columns:1fr 1.1fr}}
main.narrow{max-width:32rem}
.card{background:#fff;border:1px solid var(--line);border-radius:14px;padding:1.5rem}
h1{font-size:1.35rem;margin:.2rem 0 1rem}h2{font-size:1rem;margin:1.5rem 0 .5rem;color:var(--soft)}
.amount{font-size:2.2rem;font-weight:700;margin:.2rem 0 1rem}.soft{color:var(--soft);font-size:.9rem}
.line{display:flex;justify-content:space-between;gap:1rem;padding:.6rem 0;border-top:1px solid var(--line)}
label{display:block;margin:.9rem 0 .25rem;font-weight:600;font-size:.92rem}
input{width:100%;padding:.7rem .8rem;border:1px solid #98a2b3;border-radius:9px;font:inherit;background:#fff;color:inherit}
input:focus-visible,button:focus-visible,a:focus-visible{outline:3px solid #8aa2ff;outline-offset:2px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:1rem}
button{font:inherit;cursor:pointer;border-radius:10px}
.go{width:100%;padding:.95rem;margin-top:1.25rem;border:0;background:var(--main);color:#fff;font-weight:700}
.big{display:block;width:100%;text-align:start;padding:1rem 1.1rem;margin:.6rem 0;border:1px solid var(--line);background:#fff;color:var(--ink)}
.big:hover{border-color:var(--main)}.big strong{display:block}
.plain{width:100%;padding:.85rem;margin-top:.6rem;border:1px solid #98a2b3;background:#fff;color:var(--ink)}
.bad{border:1px solid var(--bad);background:#fdf1f2;color:var(--bad);border-radius:10px;padding:.8rem 1rem;margin-bottom:1rem}
.chips{display:flex;flex-wrap:wrap;gap:.5rem}.chips button{border:1px solid var(--line);background:#fff;padding:.4rem .7rem;font-size:.85rem;color:var(--ink)}
a{color:var(--main)}
</style>`,
};

const NOTE: Readonly<Record<Language, string>> = {
  en: 'Sandbox: nobody is charged here.',
  fr: 'Bac à sable : personne n’est débité ici.',
  ar: 'بيئة تجريبية: لا يُخصم أي مبلغ هنا.',
};

export const page = (facts: {
  readonly language: Language;
  readonly title: string;
  readonly layout: 'two' | 'narrow';
  readonly body: Html;
}): string =>
  html`<!doctype html>
    <html lang="${facts.language}" dir="${directionOf(facts.language)}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>${facts.title}</title>
        ${STYLE}
      </head>
      <body>
        <div class="strip">${NOTE[facts.language]}</div>
        <main class="${facts.layout}">${facts.body}</main>
      </body>
    </html>`.markup;

export const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
} as const;
