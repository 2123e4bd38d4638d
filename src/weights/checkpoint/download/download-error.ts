import { NextTokenError } from "../../../errors.ts";
import type { DownloadReason } from "./failure.ts";

/** A download that failed: `reason` says why in a stable word, of the last address that was asked. */
export class DownloadError extends NextTokenError {
  readonly reason: DownloadReason;

  constructor(reason: DownloadReason, message: string, options?: ErrorOptions) {
    super("download-failed", message, options);
    this.reason = reason;
  }
}
