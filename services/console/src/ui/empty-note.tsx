import { Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface EmptyNoteProps {
  readonly title: string;
  readonly text: string;
  readonly action?: ReactNode;
}

export const EmptyNote = ({ title, text, action }: EmptyNoteProps) => (
  <Paper withBorder p="xl" radius="lg" data-testid="empty">
    <Stack align="center" gap="sm" ta="center">
      <Title order={2} size="h4">
        {title}
      </Title>
      <Text c="dimmed">{text}</Text>
      {action}
    </Stack>
  </Paper>
);
