import { formatInstant, type InstantStyle } from '../i18n/format.ts';
import { useLanguage } from '../i18n/use-language.ts';

interface MomentProps {
  readonly at: string;
  readonly as?: InstantStyle;
}

/** An instant in the reader's language; hovering tells it to the second with its time zone. */
export const Moment = ({ at, as = 'minute' }: MomentProps) => {
  const language = useLanguage();
  return (
    <time dateTime={at} title={formatInstant(at, language, 'second')}>
      <bdi>{formatInstant(at, language, as)}</bdi>
    </time>
  );
};
