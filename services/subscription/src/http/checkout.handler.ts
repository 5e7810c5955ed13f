import { CreateCheckoutSession, GetCheckoutSession, VerifyCheckoutSession } from '@quittance/contracts';
import { accepted, created, handle, ok, scopeOf } from '@quittance/http';
import { isAccountId, platformFail, type Principal } from '@quittance/kernel';

import { type BeginCheckout, type ReadCheckout, type RequireCoupon } from '../application/index.ts';
import { toApiCheckout } from './convert.ts';

export const createCheckoutHandler = (
  beginCheckout: BeginCheckout,
  readCheckout: ReadCheckout,
  requireCoupon: RequireCoupon,
) =>
  handle(CreateCheckoutSession, async ({ body, principal, request }) => {
    const accountId = ownAccount(principal);
    const id = request.reservedId('chk');
    const checkout = await beginCheckout(id, {
      ...body,
      accountId,
      country: body.country ?? null,
      language: body.language ?? null,
      coupon: body.coupon ?? null,
      byOperator: false,
      successUrl: withSession(body.successUrl, id),
      cancelUrl: withSession(body.cancelUrl, id),
    });
    const view = await readCheckout.untilPayable({ account: accountId }, checkout.id);
    if (body.coupon !== undefined) await requireCoupon(checkout.id);
    return view.checkout.status === 'opening' ? accepted(toApiCheckout(view)) : created(toApiCheckout(view));
  });

export const getCheckoutHandler = (readCheckout: ReadCheckout) =>
  handle(GetCheckoutSession, async ({ params, query, principal }) =>
    ok(
      toApiCheckout(await readCheckout.read(scopeOf(principal), params.id, Number.parseInt(query.wait ?? '0s') * 1000)),
    ),
  );

export const verifyCheckoutHandler = (readCheckout: ReadCheckout) =>
  handle(VerifyCheckoutSession, async ({ params, principal, request }) =>
    ok(toApiCheckout(await readCheckout.verify(scopeOf(principal), params.id, request.id))),
  );

export const ownAccount = ({ accountId }: Principal) => {
  if (!isAccountId(accountId))
    throw platformFail('platform.forbidden', 'Only an account can buy; this token names none.');
  return accountId;
};

export const withSession = (url: string, id: string): string => url.replaceAll('{CHECKOUT_SESSION_ID}', id);
