const IPV4 = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.\d{1,3}$/i;
const GROUPS = 8;
const GROUPS_KEPT = 3;

/** The network an address is counted under: /24 of IPv4, /48 of IPv6. Whoever owns one address owns its neighbours. */
export const networkPrefix = (ip: string | null): string => {
  if (ip === null) return 'unknown';
  const v4 = IPV4.exec(ip);
  if (v4 !== null) return `${v4[1]}.${v4[2]}.${v4[3]}.0/24`;
  if (!ip.includes(':')) return 'unknown';
  const [head = '', tail] = ip.toLowerCase().split('%')[0]?.split('::') ?? [];
  const before = head.split(':').filter((group) => group !== '');
  const after = (tail ?? '').split(':').filter((group) => group !== '');
  const missing = tail === undefined ? 0 : Math.max(0, GROUPS - before.length - after.length);
  const groups = [...before, ...Array.from({ length: missing }, () => '0'), ...after].slice(0, GROUPS_KEPT);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/48`;
};
