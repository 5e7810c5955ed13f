/** Members of the EU’s VAT territory by ISO 3166-1 (Greece is GR here, EL in its VAT ids). Facts about states, not rates. */
export const EU_MEMBER_STATES: ReadonlySet<string> = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
);
