import { CheckpointError, quote } from "../checkpoint-error.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Reads JSON from left to right, asked for one thing at a time.
 *
 * `JSON.parse` would not do: it keeps the last of two equal keys without a word, and it builds whatever a stranger's
 * file describes before anyone has looked at it. Here nothing is built that the reader has not asked for by kind.
 * What a single string or number may look like is still left to `JSON.parse`.
 */
export class JsonScanner {
  /** The tensor being read, for the errors. */
  tensor: string | undefined;
  #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Steps over `mark` if it comes next. */
  take(mark: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  /** Steps over `mark`, which must come next. */
  expect(mark: string): void {
    if (!this.take(mark)) throw this.#unexpected(`“${mark}”`);
  }

  /** Whether `mark` comes next. */
  sees(mark: string): boolean {
    this.#skipSpace();
    return this.#text[this.#at] === mark;
  }

  string(): string {
    if (!this.sees('"')) throw this.#unexpected("a string");
    let end = this.#at + 1;
    while (end < this.#text.length && this.#text.charCodeAt(end) !== QUOTE)
      end += this.#text.charCodeAt(end) === BACKSLASH ? 2 : 1;
    const value = this.#value(end + 1);
    if (typeof value !== "string") throw this.#unexpected("a string");
    return value;
  }

  /** A whole number that a double holds exactly, not negative; undefined (and nothing is consumed) if none comes next. */
  count(): number | undefined {
    this.#skipSpace();
    let end = this.#at;
    while (/[-+.0-9eE]/.test(this.#text[end] ?? "")) end++;
    const digits = this.#text.slice(this.#at, end);
    if (!/^(0|[1-9][0-9]{0,15})$/.test(digits) || !Number.isSafeInteger(Number(digits))) return undefined;
    this.#at = end;
    return Number(digits);
  }

  /** Reads `{"key": …}`; `each` reads the value that follows its key. Equal keys are refused. */
  object(each: (key: string) => void): void {
    this.expect("{");
    const keys = new Set<string>();
    if (this.take("}")) return;
    do {
      const key = this.string();
      if (keys.has(key))
        throw new CheckpointError(
          "duplicate-key",
          `The file's header says ${quote(key)} twice, so it is unclear which is meant. Use a file written by the safetensors library.`,
          { tensor: this.tensor ?? key },
        );
      keys.add(key);
      this.expect(":");
      each(key);
    } while (this.take(","));
    this.expect("}");
  }

  /** Only spaces may be left. */
  end(): void {
    this.#skipSpace();
    if (this.#at < this.#text.length)
      throw new CheckpointError(
        "json-trailing",
        `The file's header goes on after its end, at character ${this.#at}. The file is damaged; get it again.`,
      );
  }

  #skipSpace(): void {
    while (" \t\n\r".includes(this.#text[this.#at] ?? "x")) this.#at++;
  }

  /** The value whose text ends before `end`. */
  #value(end: number): unknown {
    try {
      const value: unknown = JSON.parse(this.#text.slice(this.#at, end));
      this.#at = end;
      return value;
    } catch {
      throw this.#unexpected("a well-formed string");
    }
  }

  #unexpected(wanted: string): CheckpointError {
    const found = this.#at < this.#text.length ? `“${this.#text[this.#at]}”` : "its end";
    const where = this.tensor === undefined ? "" : ` in the entry of ${quote(this.tensor)}`;
    return new CheckpointError(
      "json-syntax",
      `The file's header is not JSON: at character ${this.#at}${where} stands ${found} instead of ${wanted}. The file is damaged; get it again.`,
      { tensor: this.tensor },
    );
  }
}
