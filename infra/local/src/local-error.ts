/** Something the person at the keyboard can mend: shown as one sentence, never as a stack. */
export class LocalError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LocalError';
  }
}
