/** Why an address does not give the file. Stable names; the sentences are in advice.ts. */
export type DownloadReason =
  // what the browser does not let through, or cannot reach
  | "offline"
  | "unreachable"
  | "not-shared"
  | "redirected"
  | "policy"
  | "mixed-content"
  // what the server answers
  | "sign-in"
  | "forbidden"
  | "not-found"
  | "gone"
  | "busy"
  | "server-error"
  | "other-answer"
  | "other-file"
  // what happens on the way
  | "cut"
  | "silence";

/** A request that may go better the next time. */
export class Interrupted extends Error {
  readonly reason: DownloadReason;
  /** The pause that the server asked for, in milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(message: string, reason: DownloadReason = "cut", retryAfter?: number) {
    super(message);
    this.reason = reason;
    this.retryAfter = retryAfter;
  }
}

/** A request to which there was no answer that the page may see. Browsers do not say why; diagnosis.ts finds out. */
export class Unanswered extends Interrupted {}

/** @throws Unanswered instead of Interrupted where the connection failed; what else `asked` rejects with */
export async function answerTo(asked: Promise<Response>): Promise<Response> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Interrupted && error.reason === "cut")
      throw new Unanswered(error.message, "unreachable");
    throw error;
  }
}

/** An address that does not have the file, however often it is asked. */
export class Unusable extends Error {
  readonly reason: DownloadReason;

  constructor(message: string, reason: DownloadReason = "other-answer") {
    super(message);
    this.reason = reason;
  }
}

/** An address where a file of another length lies. */
export class OtherLength extends Unusable {
  constructor(message: string) {
    super(message, "other-file");
  }
}
