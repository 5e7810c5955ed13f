import { type CountedDenials, type Denial } from './denial.ts';

/** What the gateway sends: records of what it turned away. Everything else it only hears. */
export type GatewayMessage =
  | { readonly type: 'access_denied'; readonly recordId: string; readonly denial: Denial }
  | { readonly type: 'denials_counted'; readonly recordId: string; readonly counted: CountedDenials };
