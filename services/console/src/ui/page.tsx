import { Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';

interface PageProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** True after the first page: the browser itself takes care of focus when a document loads. */
let navigated = false;

/** One page: its name in the window and as the heading, which gets the focus after a move within the application. */
export const Page = ({ title, lead, aside, children }: PageProps) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Quittance`;
  }, [title]);
  useEffect(() => {
    if (navigated) heading.current?.focus({ preventScroll: true });
    navigated = true;
  }, []);
  return (
    <Stack gap="xl">
      <Group justify="space-between" align="flex-end" gap="md">
        <Stack gap={6} className="page-heading">
          <Title order={1} ref={heading} tabIndex={-1} className="page-title">
            {title}
          </Title>
          {lead === undefined ? null : (
            <Text c="dimmed" size="lg" component="div">
              {lead}
            </Text>
          )}
        </Stack>
        {aside}
      </Group>
      {children}
    </Stack>
  );
};
