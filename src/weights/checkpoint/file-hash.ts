import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { nextTask } from "../../next-task.ts";

/** So many bytes are hashed without a pause, in a few milliseconds. */
const STEP_BYTES = 512 * 1024;

/** The SHA-256 of a file that arrives in pieces; WebCrypto can only digest a whole buffer. */
export class FileHash {
  #hash = sha256.create();

  async update(piece: Uint8Array): Promise<void> {
    for (let at = 0; at < piece.byteLength; at += STEP_BYTES) {
      this.#hash.update(piece.subarray(at, at + STEP_BYTES));
      await nextTask(); // lets the page handle its events
    }
  }

  /** Lower-case hex. Call it once, after the last piece. */
  digest(): string {
    return bytesToHex(this.#hash.digest());
  }
}
