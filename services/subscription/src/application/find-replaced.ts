import { type Replaced } from '../domain/restore-replaced.ts';
import { type Subscription } from '../domain/subscription.ts';
import { type Plans, type Subscriptions } from './ports.ts';

/** What a trial gives its place back to; null for everything that is no trial, or took nobody's place. */
export const findReplaced = async (
  { subscriptions, plans }: { readonly subscriptions: Subscriptions; readonly plans: Plans },
  { status, replaces }: Subscription,
): Promise<Replaced | null> => {
  if (status !== 'trialing' || replaces === null) return null;
  const subscription = await subscriptions.find('every_account', replaces);
  return subscription && { subscription, entitlements: await plans.entitlementsOf(subscription.items) };
};
