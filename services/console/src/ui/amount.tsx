import { formatMoney, type Money } from '../i18n/format.ts';
import { useLanguage } from '../i18n/use-language.ts';

interface AmountProps {
  readonly money: Money;
  readonly short?: boolean;
}

/** An amount, kept whole inside right-to-left text. */
export const Amount = ({ money, short = false }: AmountProps) => (
  <bdi className="amount" data-minor={money.amount} data-currency={money.currency}>
    {formatMoney(money, useLanguage(), { short })}
  </bdi>
);
