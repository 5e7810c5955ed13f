import type { ReactNode } from 'react';

interface FactsProps {
  /** Pairs of what it is and its value; a null value is left out. */
  readonly of: readonly (readonly [name: string, value: ReactNode])[];
}

/** A short list of named values. */
export const Facts = ({ of }: FactsProps) => (
  <dl className="facts">
    {of
      .filter(([, value]) => value !== null)
      .map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);
