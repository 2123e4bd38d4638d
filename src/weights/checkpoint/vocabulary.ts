import { NextTokenError } from "../../errors.ts";

/** GPT-2's own `vocab.json` has 1,042,301 bytes. */
export const MAX_VOCABULARY_BYTES = 4 * 1024 * 1024;

/** How many tokens GPT-2 has, and the SHA-256 of their names in the order of their ids, a line each. */
const GPT2 = { size: 50257, sha256: "e35a33a0b2250c932ffdafc4c3a3552aef0cc7af7a11e9ebfddf1d2a6517371f" };

/** What is worth knowing of a model whose `vocab.json` this is: undefined where it has GPT-2's tokens, or where nobody can tell. */
export async function vocabularyNote(text: string): Promise<string | undefined> {
  const names = namesIn(text);
  if (!names || (await isGpt2(names))) return undefined;
  return "Its vocab.json is not GPT-2's: this model's tokens are its own. The ids are right, but prompts are split and tokens are shown as GPT-2's, so the text makes no sense.";
}

/** The text of a `vocab.json` that the user chose along with a checkpoint; "" for one that is far too large to be one. */
export async function readVocabulary(file: Blob): Promise<string> {
  if (file.size > MAX_VOCABULARY_BYTES) return "";
  return file.text().catch((cause) => {
    throw new NextTokenError(
      "file-unreadable",
      "The vocab.json can no longer be read: it was moved, changed or removed since it was chosen. Choose it again.",
      { cause },
    );
  });
}

/** The names by id; undefined where the text is no vocabulary. */
function namesIn(text: string): ReadonlyMap<number, string> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return undefined;
    const names = new Map<number, string>();
    for (const [name, id] of Object.entries(parsed)) {
      if (!Number.isInteger(id)) return undefined;
      names.set(id as number, name);
    }
    return names.size > 0 ? names : undefined;
  } catch {
    return undefined;
  }
}

/** Tokens that were added behind GPT-2's, for padding perhaps, leave those what they are. */
async function isGpt2(names: ReadonlyMap<number, string>): Promise<boolean> {
  const lines = Array.from({ length: GPT2.size }, (_, id) => names.get(id) ?? "").join("\n");
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(lines)));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("") === GPT2.sha256;
}
