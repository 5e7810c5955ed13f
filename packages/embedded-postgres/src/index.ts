export { EmbeddedPostgresFailed } from './embedded-postgres-failed.ts';
export { reachableFolder } from './reachable-folder.ts';
export { type EmbeddedPostgresOptions, type EmbeddedServer, startEmbeddedPostgres } from './start-embedded-postgres.ts';
export { UnsupportedPlatform } from './unsupported-platform.ts';
