/** Steps of a life that cost nothing. */
export type LifeStep =
  | { readonly kind: 'cancel'; readonly when: 'now' | 'period_end' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'pause'; readonly resumesAt: Date | null }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'reinstate' };
