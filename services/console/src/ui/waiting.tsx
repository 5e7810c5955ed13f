import { Group, Loader, Text } from '@mantine/core';

export const Waiting = ({ text }: { readonly text: string }) => (
  <Group role="status" gap="sm" py="lg">
    <Loader size="sm" aria-hidden />
    <Text>{text}</Text>
  </Group>
);
