import { z } from 'zod';

import { httpContract } from '../http-contract.ts';
import { idOf, pageOf, pageQuery } from '../shapes.ts';
import { ApiPlanVersion, planParams } from './plans.ts';

const reading = {
  service: 'catalog',
  method: 'GET',
  access: { anyOf: ['billing.read'] },
  audit: 'none',
  idempotency: 'none',
  rate: 'read',
} as const;

export const ListPlanVersions = httpContract({
  ...reading,
  name: 'ListPlanVersions',
  path: '/v1/plans/:id/versions',
  summary: 'Every version a plan was sold in, oldest first. Who bought one keeps it until moved.',
  params: planParams,
  query: z.strictObject(pageQuery((text) => /^\d{1,9}$/.test(text))),
  answer: pageOf(ApiPlanVersion.pick({ planVersionId: true, versionNumber: true, publishedAt: true })),
});

export const GetPlanVersion = httpContract({
  ...reading,
  name: 'GetPlanVersion',
  path: '/v1/plans/:id/versions/:version',
  summary: 'What a plan asked and gave in one version, such as the `planVersionId` of a subscription.',
  params: planParams.extend({ version: idOf('plv') }),
  answer: ApiPlanVersion,
});
