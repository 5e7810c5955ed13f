/**
 * Where a call goes, the path exactly as it was written. As one URL it would be normalised on the way (`%2e%2e`, `\`),
 * and a service would see another path than the one whose permission was checked.
 */
export const target = (baseUrl: string, path: string): { readonly origin: string; readonly path: string } => {
  const { origin, pathname } = new URL(baseUrl);
  return { origin, path: `${pathname === '/' ? '' : pathname}${path}` };
};
