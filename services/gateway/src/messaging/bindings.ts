import { type Binding, on } from '@quittance/bus';
import { EntitlementsChanged, SubscriptionBeat } from '@quittance/contracts';

import { type KeepProjection } from '../application/index.ts';
import { fromEventEntitlementsChanged } from './convert.ts';

export const bindings = (keep: KeepProjection): readonly Binding[] => [
  on(EntitlementsChanged, ({ data, version }) => keep.keepDocument(fromEventEntitlementsChanged(data, version))),
  on(SubscriptionBeat, ({ data }) => keep.noteBeat(new Date(data.beatAt))),
];
