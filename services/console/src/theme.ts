import { createTheme, type CSSVariablesResolver } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 7 },
  defaultRadius: 'md',
  fontFamily: `'IBM Plex Sans', 'IBM Plex Sans Arabic', system-ui, sans-serif`,
  fontFamilyMonospace: `ui-monospace, 'SFMono-Regular', Menlo, Consolas, monospace`,
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '2.1rem', lineHeight: '1.25' } } },
});

/** Mantine's own colours for these are too pale for WCAG 2.2 AA. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  dark: {},
  light: {
    '--mantine-color-body': '#fbfbfd',
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    '--mantine-color-teal-light-color': '#05593f',
    '--mantine-color-red-light-color': '#8f1d1d',
    '--mantine-color-orange-light-color': '#8a3a00',
    '--mantine-color-gray-light-color': 'var(--mantine-color-gray-8)',
  },
});
