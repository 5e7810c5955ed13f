import { type Write } from '@quittance/kernel';

import { isLive } from '../domain/subscription-status.ts';
import { type Subscription } from '../domain/subscription.ts';
import { type LegacyDeps } from './adopt-legacy.ts';
import { type ImportLegacy, makeImportLegacy } from './import-legacy.ts';
import { type LegacyLink, type LegacyLinks, type Subscriptions, type SubscriptionUnitOfWork } from './ports.ts';

/**
 * A dry run of one file: the same use case over what is in the database and what the rows before would have added, so
 * that two rows for one place are told as they would end. Nothing is written.
 */
export const makeRehearseImport = (deps: LegacyDeps): (() => ImportLegacy) => {
  return () => {
    const added = { subscriptions: new Map<string, Subscription>(), links: new Map<string, LegacyLink>() };
    return makeImportLegacy({
      ...deps,
      subscriptions: withAdded(deps.subscriptions, added.subscriptions),
      links: withAddedLinks(deps.links, added.links),
      unitOfWork: NOTHING_COMMITTED,
    });
  };
};

const NOTHING: Write = { run: () => Promise.resolve() };

const NOTHING_COMMITTED: SubscriptionUnitOfWork = {
  commit: () => Promise.resolve(),
  commitAll: () => Promise.resolve(),
};

const withAdded = (stored: Subscriptions, added: Map<string, Subscription>): Subscriptions => {
  const places = new Map<string, Subscription>();
  const add = (subscription: Subscription): Write => {
    const place = placeOf(subscription.accountId, subscription.productId);
    added.set(subscription.id, subscription);
    if (isLive(subscription.status)) places.set(place, subscription);
    else if (places.get(place)?.id === subscription.id) places.delete(place);
    return NOTHING;
  };
  return {
    ...stored,
    find: async (scope, id) => added.get(id) ?? (await stored.find(scope, id)),
    findLive: async (accountId, productId) => {
      const holder = places.get(placeOf(accountId, productId));
      if (holder !== undefined) return holder;
      const here = await stored.findLive(accountId, productId);
      // One that gave way to a row before holds its place no more.
      return here === null || added.has(here.id) ? null : here;
    },
    insert: add,
    update: add,
  };
};

const placeOf = (accountId: string, productId: string): string => `${accountId} ${productId}`;

const withAddedLinks = (stored: LegacyLinks, added: Map<string, LegacyLink>): LegacyLinks => {
  const add = (link: LegacyLink): Write => {
    added.set(nameOf(link.source, link.reference), link);
    return NOTHING;
  };
  return {
    find: async (source, reference) => added.get(nameOf(source, reference)) ?? (await stored.find(source, reference)),
    insert: add,
    heard: (link, reportVersion) => add({ ...link, reportVersion }),
  };
};

const nameOf = (source: string, reference: string): string => JSON.stringify([source, reference]);
