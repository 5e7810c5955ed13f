import { Button, Stack } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import type { SentFile } from '../api/send.ts';
import { useApp } from '../boot/app-context.ts';
import { ProblemNote } from '../ui/problem-note.tsx';

/** The trail as a file, with every hash and what it was made of. Saving it is recorded. */
export const SaveTrail = ({ correlation }: { readonly correlation: string }) => {
  const { api } = useApp();
  const { t } = useTranslation();
  const saving = useMutation({ mutationFn: () => api.exportTrail(correlation), onSuccess: save });
  return (
    <Stack gap="xs">
      <Button
        size="xs"
        variant="default"
        leftSection={<IconDownload size={14} aria-hidden />}
        loading={saving.isPending}
        onClick={() => saving.mutate()}
        data-testid="save-trail"
      >
        {t('operations.saveTrail')}
      </Button>
      {saving.isError ? <ProblemNote error={saving.error} /> : null}
    </Stack>
  );
};

/** A link cannot carry a token, so the bytes are fetched first; browsers take them by way of a link all the same. */
const save = ({ name, content }: SentFile): void => {
  const href = URL.createObjectURL(content);
  const link = document.createElement('a');
  Object.assign(link, { href, download: name });
  link.click();
  URL.revokeObjectURL(href);
};
