/** PostgreSQL could not be started here; the message is for a person and says what to do. */
export class EmbeddedPostgresFailed extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'EmbeddedPostgresFailed';
  }
}
