/** A request that may go better the next time. */
export class Interrupted extends Error {
  /** The pause that the server asked for, in milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(message: string, retryAfter?: number) {
    super(message);
    this.retryAfter = retryAfter;
  }
}

/** An address that does not have the file, however often it is asked. */
export class Unusable extends Error {}

/** An address where a file of another length lies. */
export class OtherLength extends Unusable {}
