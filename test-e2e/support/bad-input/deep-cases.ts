import { type HttpContract } from '@quittance/contracts';

import { type Case, INVALID, type Kit, REFUSED_CARD, surplusOf } from './kit.ts';
import { accepts, fieldsOf, queryOf } from './samples.ts';
import { CARD_NUMBERS, NO_CARDS, PLAUSIBLE } from './values.ts';

const [CARD] = CARD_NUMBERS;

/** What is hidden deeper than in a field: in lists, in names, in headers, in parts of parts. */
export const deepCases = (contract: HttpContract, kit: Kit): readonly Case[] => [
  ...headerCases(contract, kit),
  ...NO_CARDS.map((value) => ({
    what: `query: no card ${value}`,
    shot: kit.shot({ query: queryOf({ surplus: value }) }),
    expected: surplusOf(contract),
  })),
  ...(typeof contract.body === 'string' ? [] : [...cardCases(contract, kit), ...assignmentCases(contract, kit)]),
];

/** Headers that are passed on, read, or meant for logs: whatever stands in them, it is found nowhere afterwards. */
const headerCases = (contract: HttpContract, kit: Kit): readonly Case[] => {
  const grouped = '5105-1051-0510-5100';
  const headers = {
    'user-agent': `browser ${CARD}`,
    'x-request-id': CARD,
    traceparent: `00-${CARD}aaaaaaaaaaaaaaaa-${CARD}-01`,
    'accept-language': `fr;q=0.${CARD}, ${grouped}`,
    'if-match': `"${CARD}"`,
    'if-none-match': `"${grouped}"`,
    referer: `https://app.example/?card=${CARD}`,
    cookie: `card=${grouped}`,
    'x-forwarded-for': CARD,
    'x-quittance-client-ip': CARD,
  };
  // What would be right otherwise is made wrong where being right changes something.
  const query = contract.audit === 'none' ? '' : '?surplus=1';
  return [{ what: 'headers: cards', shot: kit.shot({ query, shot: { headers } }), expected: {} }];
};

const cardCases = (contract: HttpContract, kit: Kit): readonly Case[] => {
  const sent = (what: string, json: unknown, expected = REFUSED_CARD): Case => ({
    what: `body: ${what}`,
    shot: kit.shot({ json }),
    expected,
  });
  return [
    sent('card as a number', { ...kit.body, note: Number(CARD) }),
    ...NO_CARDS.map((value) => sent(`no card ${value}`, { ...kit.body, surplus: [value] }, INVALID)),
    ...[...fieldsOf(contract.body).keys()].flatMap((name) => [
      sent(`card in a list in ${name}`, { ...kit.body, [name]: ['x', CARD] }),
      sent(`card deep in ${name}`, { ...kit.body, [name]: [{ of: { deep: [{ note: `no ${CARD}` }] } }] }),
      sent(`card as a name in ${name}`, { ...kit.body, [name]: { fr: { [CARD]: 'x' } } }),
    ]),
  ];
};

/** Nobody sets what is not theirs to set, beside the fields of a body or inside one of them. */
const assignmentCases = (contract: HttpContract, kit: Kit): readonly Case[] => {
  const fields = fieldsOf(contract.body);
  return Object.entries(PLAUSIBLE).flatMap(([name, value]) => {
    const inside = Object.entries(kit.body).flatMap(([field, sample]) =>
      typeof sample === 'object' && sample !== null ? [{ field, sample }] : [],
    );
    return [
      ...(fields.has(name) ? [] : [{ ...kit.body, [name]: value }]),
      ...inside.flatMap(({ field, sample }) => [
        { ...kit.body, [field]: Array.isArray(sample) ? [{ [name]: value }] : { ...sample, [name]: value } },
      ]),
    ]
      .filter((json) => typeof contract.body !== 'string' && !accepts(contract.body, json))
      .map((json) => ({ what: `body: assigns ${name}`, shot: kit.shot({ json }), expected: INVALID }));
  });
};
