/** No PostgreSQL is packaged for this operating system and processor. */
export class UnsupportedPlatform extends Error {
  constructor(cause: unknown) {
    super(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}. ` +
        'Set DATABASE_URL to the superuser’s URL of a PostgreSQL 15 or later.',
      { cause },
    );
    this.name = 'UnsupportedPlatform';
  }
}
