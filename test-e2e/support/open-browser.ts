import { existsSync } from 'node:fs';

import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { z } from 'zod';

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of this machine, or null: a suite that gets null says in one line that it is left out. */
export const findChromium = (): string | null =>
  [process.env['CHROMIUM_PATH'], ...INSTALLED].find((path) => path !== undefined && existsSync(path)) ?? null;

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const openBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, headless: true, args: FLAGS });

export interface Visitor {
  readonly page: Page;
  /** What a visitor would not want to know: console errors, exceptions, requests to anybody but these origins. */
  troubles(): readonly string[];
  close(): Promise<void>;
}

const DEADLINE_MS = 30_000;

/** Somebody with a fresh browser in this language, watched while they click. */
export const makeVisitor = async (
  browser: Browser,
  { locale, origins }: { readonly locale: string; readonly origins: readonly string[] },
): Promise<Visitor> => {
  const context = await browser.newContext({ locale, viewport: { width: 1280, height: 900 }, timezoneId: 'UTC' });
  context.setDefaultTimeout(DEADLINE_MS);
  const page = await context.newPage();
  const troubles = watch(context, page, origins);
  return { page, troubles: () => troubles, close: () => context.close() };
};

const watch = (context: BrowserContext, page: Page, origins: readonly string[]): readonly string[] => {
  const troubles: string[] = [];
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.protocol !== 'blob:' && !origins.includes(url.origin)) {
      troubles.push(`request to ${url.origin}`);
    }
  });
  page.on('pageerror', (error) => troubles.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    const from = message.location().url;
    // The hosted page answers a declined card with 402, as its own page: the browser reports it, nobody is wrong.
    if (message.type() === 'error' && !from.includes('/pay/')) troubles.push(`console: ${message.text()} (${from})`);
  });
  return troubles;
};

const Violations = z.object({
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
});

/** What keeps people from using the page as it is now: one line for each broken rule and element. */
export const accessProblems = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe.source);
  const found = Violations.parse(await page.evaluate("axe.run(document, { resultTypes: ['violations'] })"));
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
};
