import { broken } from "./broken.ts";

const NEWLINE = 0x0a;
const LONGEST_LINE = 256;

/** Reads the parts of a pickle from left to right, none of which reaches beyond its end. */
export class PickleBytes {
  #bytes: Uint8Array;
  #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get at(): number {
    return this.#at;
  }

  get isEnd(): boolean {
    return this.#at === this.#bytes.byteLength;
  }

  byte(): number {
    return this.#view.getUint8(this.#step(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#step(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#step(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#step(4), true);
  }

  skip(bytes: number): void {
    this.#step(bytes);
  }

  /** A whole number in two's complement of at most 255 bytes, or undefined where a double cannot hold it. */
  long(length: number): number | undefined {
    const bytes = this.#bytes.subarray(this.#step(length), this.#at);
    if (length > 8) return undefined;
    const unsigned = bytes.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);
    const value = Number(BigInt.asIntN(8 * length, unsigned));
    return Number.isSafeInteger(value) ? value : undefined;
  }

  text(length: number): string {
    const bytes = this.#bytes.subarray(this.#step(length), this.#at);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw broken("pickle-syntax", "A name in the file is not UTF-8 text.");
    }
  }

  /** Up to the end of a line. */
  line(): string {
    const length = this.#bytes.subarray(this.#at, this.#at + LONGEST_LINE).indexOf(NEWLINE);
    if (length < 0) throw broken("pickle-syntax", "A name of Python's in the file has no end.");
    const text = this.text(length);
    this.#step(1);
    return text;
  }

  /** Steps over `bytes` bytes. @returns where they begin */
  #step(bytes: number): number {
    const begin = this.#at;
    if (begin + bytes > this.#bytes.byteLength)
      throw broken("pickle-syntax", "The file's list of tensors (data.pkl) is cut.");
    this.#at += bytes;
    return begin;
  }
}
