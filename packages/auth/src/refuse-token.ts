import { type DomainError, platformFail } from '@quittance/kernel';

/** Why a token was not accepted. The list is closed: denials are counted by it. */
export const TOKEN_PROBLEMS = {
  malformed: 'The token is not a signed JWT.',
  algorithm: 'The token’s algorithm is not accepted.',
  unknown_key: 'The token’s key is not one of the issuer’s.',
  signature: 'The token’s signature is wrong.',
  expired: 'The token has expired.',
  not_yet_valid: 'The token is not valid yet.',
  issuer: 'The token is from another issuer.',
  audience: 'The token is for another audience.',
  type: 'The token is of another type.',
  claims: 'The token lacks a claim that is needed.',
  inactive: 'The token is not active.',
  scheme: 'The Authorization header must be `Bearer` and one token.',
} as const;

export type TokenProblem = keyof typeof TOKEN_PROBLEMS;

export const refuseToken = (problem: TokenProblem, cause?: unknown): DomainError =>
  platformFail('platform.unauthenticated', TOKEN_PROBLEMS[problem], { details: { reason: problem }, cause });
