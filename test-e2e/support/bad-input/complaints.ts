import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { z } from 'zod';

import { type Answered } from './send.ts';

const Problem = z.looseObject({
  type: z.string().startsWith('/docs/errors#'),
  title: z.string().min(1),
  status: z.int(),
  code: z.string(),
  instance: z.string().regex(/^urn:quittance:request:req_[0-9a-z]{26}$/),
  remedy: z.string().min(1),
});

/** What an answer must be: one of these statuses, and one of these codes where there is a choice of codes. */
export interface Expected {
  readonly statuses?: readonly number[];
  readonly codes?: readonly string[];
}

/** Every code that `docs/errors.md` explains. */
export const documentedCodes = async (): Promise<ReadonlySet<string>> => {
  const document = await readFile(resolve(import.meta.dirname, '../../../docs/errors.md'), 'utf8');
  return new Set([...document.matchAll(/^\| `([a-z_.]+)` \|/gm)].map(([, code = '']) => code));
};

/** What tells a stranger how we are built. */
const INSIDES = /node_modules|\.ts:\d|\bat \w+ \(|prisma|postgres|SELECT |INSERT |ECONN|Unexpected token/i;

/** What is wrong with an answer; empty when nothing is. */
export const complaintsAbout = (
  answer: Answered,
  expected: Expected,
  documented: ReadonlySet<string>,
): readonly string[] => {
  const { status, headers, text } = answer;
  const complaints: string[] = [];
  if (status >= 500) complaints.push(`answered ${status}`);
  if (expected.statuses !== undefined && !expected.statuses.includes(status)) {
    complaints.push(`answered ${status} instead of ${expected.statuses.join(' or ')}`);
  }
  if (status < 400) return complaints;
  const problem = Problem.safeParse(parsed(text));
  if (!problem.success) return [...complaints, `is no problem document: ${text.slice(0, 120)}`];
  const { code, instance } = problem.data;
  if (headers['content-type'] !== 'application/problem+json')
    complaints.push(`is ${headers['content-type'] ?? 'typeless'}`);
  if (problem.data.status !== status) complaints.push('says another status in its body');
  if (!documented.has(code)) complaints.push(`has the undocumented code ${code}`);
  if (expected.codes !== undefined && !expected.codes.includes(code)) {
    complaints.push(`has the code ${code} instead of ${expected.codes.join(' or ')}`);
  }
  if (instance !== `urn:quittance:request:${String(headers['x-request-id'])}`)
    complaints.push('names another request than its header');
  if (INSIDES.test(text)) complaints.push(`shows its insides: ${text.slice(0, 200)}`);
  return complaints;
};

const parsed = (text: string): unknown => {
  try {
    const json: unknown = JSON.parse(text);
    return json;
  } catch {
    return null;
  }
};
