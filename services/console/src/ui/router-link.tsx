import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef } from 'react';

/** The router's links in the look of the rest. */
export const RouterAnchor = createLink((props: AnchorProps & ComponentPropsWithRef<'a'>) => <Anchor {...props} />);
export const RouterButton = createLink((props: ButtonProps & ComponentPropsWithRef<'a'>) => (
  <Button component="a" {...props} />
));
