// A model is named by a string everywhere on the page: in an attribute, in an address, as the key of what is loaded. A
// file that somebody chose has no such name, so it gets one, for as long as the page is open. A link to the page names
// the file alone: "file:model.safetensors".

/** What may lie beside a checkpoint and says what its bytes do not. */
export interface Companions {
  /** Its `config.json`. */
  readonly config?: File | undefined;
  /** Its `vocab.json`. */
  readonly vocabulary?: File | undefined;
}

/** A checkpoint that somebody chose, with what they chose along with it. */
export interface ChosenFile extends Companions {
  readonly file: File;
}

const chosen: ChosenFile[] = [];

/**
 * The name by which `chosenFile` finds the file: "file:1/model.safetensors". The same file objects together keep their
 * name.
 */
export function nameFile(file: File, { config, vocabulary }: Companions = {}): string {
  let index = chosen.findIndex(
    (other) => other.file === file && other.config === config && other.vocabulary === vocabulary,
  );
  if (index < 0) index = chosen.push({ file, config, vocabulary }) - 1;
  return `file:${index + 1}/${encodeURIComponent(plain(file.name))}`;
}

/** The file of that name; undefined for one that was not chosen on this page. */
export function chosenFile(name: string): ChosenFile | undefined {
  const found = chosen[Number(/^file:(\d+)\//.exec(name)?.[1]) - 1];
  return found && nameFile(found.file, found) === name ? found : undefined;
}

/** In UTF-16 units: encoded it still fits an address. */
const LONGEST_NAME = 200;
/** Separators of folders, and what nobody sees or what turns the direction of what is read. */
const UNUSUAL = /[\p{C}\p{Zl}\p{Zp}/\\]/u;

/** A file's name, fit for an address and a sentence. */
const plain = (name: string): string =>
  [...name.slice(0, LONGEST_NAME)].map((char) => (UNUSUAL.test(char) ? "_" : char)).join("") || "_";

/** The name of the file that a link is about, "file:model.safetensors", or a chosen one's; undefined where it is about none. */
export function fileNameIn(model: string): string | undefined {
  const [, encoded] = /^file:(?:\d+\/)?([^/\\#]+)(?:#|$)/.exec(model) ?? [];
  if (encoded === undefined) return undefined;
  const name = decoded(encoded);
  return name.trim() === "" || name.length > LONGEST_NAME || UNUSUAL.test(name) ? undefined : name;
}

/** The same model as a link names it: of a file from disk nothing but what it is called, everything else unchanged. */
export const asLinked = (model: string): string => model.replace(/^file:\d+\//, "file:");

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
