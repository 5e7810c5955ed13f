import {
  type ApiLifePreview,
  PreviewCancel,
  PreviewPause,
  PreviewResume,
  PreviewStatus,
  toApiMoney,
} from '@quittance/contracts';
import { handle, ok, scopeOf } from '@quittance/http';
import { type z } from 'zod';

import { type PreviewLife } from '../application/index.ts';
import { type LifePreview } from '../domain/preview-life.ts';
import { toApiChange } from './convert-change.ts';
import { toApiSubscription } from './convert.ts';
import { STEP_TO } from './life.handler.ts';

export const previewCancelHandler = (preview: PreviewLife) =>
  handle(PreviewCancel, async ({ params, body, principal }) => {
    const asked = { subscriptionId: params.id, step: { kind: 'cancel', when: body.when } } as const;
    return ok(toApiLifePreview(await preview(scopeOf(principal), asked)));
  });

export const previewPauseHandler = (preview: PreviewLife) =>
  handle(PreviewPause, async ({ params, body, principal }) => {
    const resumesAt = body.resumesAt === undefined ? null : new Date(body.resumesAt);
    const asked = { subscriptionId: params.id, step: { kind: 'pause', resumesAt } } as const;
    return ok(toApiLifePreview(await preview(scopeOf(principal), asked)));
  });

export const previewResumeHandler = (preview: PreviewLife) =>
  handle(PreviewResume, async ({ params, principal }) => {
    const asked = { subscriptionId: params.id, step: { kind: 'resume' } } as const;
    return ok(toApiLifePreview(await preview(scopeOf(principal), asked)));
  });

export const previewStatusHandler = (preview: PreviewLife) =>
  handle(PreviewStatus, async ({ params, body, principal }) => {
    const asked = { subscriptionId: params.id, step: STEP_TO[body.status] };
    return ok(toApiLifePreview(await preview(scopeOf(principal), asked)));
  });

const toApiLifePreview = (preview: LifePreview): z.infer<typeof ApiLifePreview> => ({
  afterwards: toApiSubscription(preview.after),
  accessEndsAt: preview.accessEndsAt?.toISOString() ?? null,
  notRefunded: toApiMoney(preview.notRefunded),
  undoneChange: preview.undone && toApiChange(preview.undone),
  supersededCheckoutId: preview.supersededCheckoutId,
  voidsRenewalFrom: preview.voidsRenewalFrom?.toISOString() ?? null,
  displaced: preview.displaced && toApiSubscription(preview.displaced),
  restored: preview.restored && toApiSubscription(preview.restored),
});
