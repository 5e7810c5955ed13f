/** What the environment says, an empty variable being as good as none: how a shell or a Compose file leaves one out. */
export const given = (env: NodeJS.ProcessEnv, name: string): string | null => {
  const value = env[name];
  return value === undefined || value === '' ? null : value;
};
