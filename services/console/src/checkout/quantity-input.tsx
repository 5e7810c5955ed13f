import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { QUANTITY_MAX } from '../boot/search.ts';

interface QuantityInputProps {
  readonly quantity: number;
  readonly onQuantity: (quantity: number) => void;
}

/** Another quantity is another order, so it is taken when the person has finished typing, not at every digit. */
export const QuantityInput = ({ quantity, onQuantity }: QuantityInputProps) => {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<number | string>(quantity);
  const take = (): void => {
    const wanted = Number(typed);
    if (Number.isInteger(wanted) && wanted >= 1 && wanted !== quantity) onQuantity(wanted);
    else setTyped(quantity);
  };
  return (
    <NumberInput
      label={t('checkout.quantity')}
      description={t('checkout.quantityHelp')}
      data-testid="quantity-input"
      min={1}
      max={QUANTITY_MAX}
      allowDecimal={false}
      allowNegative={false}
      clampBehavior="strict"
      value={typed}
      onChange={setTyped}
      onBlur={take}
      onKeyDown={({ key }) => {
        if (key === 'Enter') take();
      }}
    />
  );
};
