import type { PublishedModel } from "../index.ts";
import { NextTokenError } from "../next-token-error.ts";
import { chosenFile } from "./models/chosen-files.ts";

/** What the `model` attribute, `?model=` in the page's address, or somebody's choice stands for. */
export type ModelSource = SeedSource | AddressSource | FileSource;

export interface SeedSource {
  readonly kind: "seed";
  readonly seed: number;
}

export interface AddressSource {
  readonly kind: "address";
  readonly url: string;
  /** As it may be shown: letters of other scripts that look like ours are written out ("xn--…"). */
  readonly host: string;
  /** Neither this site nor the hub: it is asked for nothing before somebody agreed. */
  readonly isForeign: boolean;
  /** Where to look for the same file first: the site's own copy. */
  readonly mirrors: readonly string[];
  readonly known?: KnownModel | undefined;
  readonly n_heads?: number | undefined;
}

export interface FileSource {
  readonly kind: "file";
  readonly file: File;
  readonly n_heads?: number | undefined;
}

export type KnownModel = Pick<PublishedModel, "id" | "label" | "url" | "bytes">;

/** Where the text stands, and what it may name. */
export interface Surroundings {
  /** What addresses are relative to. */
  readonly base: string;
  /** This site. */
  readonly origin: string;
  readonly known: readonly KnownModel[];
}

/** Those of the page that runs. */
export const here = (known: readonly KnownModel[]): Surroundings => ({
  base: document.baseURI,
  origin: location.origin,
  known,
});

const HUB = "https://huggingface.co";
const LONGEST = 2048;

/** "openai-community/gpt2" -> "gpt2": what people call it, and its folder in a site's own copy. */
export const shortName = ({ id }: Pick<KnownModel, "id">): string => id.slice(id.lastIndexOf("/") + 1);

/**
 * "seed:123", "gpt2", an address (absolute, or relative with a slash or .safetensors in it), or the name of a chosen
 * file. "#n_heads=5" behind an address or a file says what no shape of a checkpoint shows.
 * @throws NextTokenError "bad-seed", "bad-config" or "bad-option"
 */
export function parseModelSource(text: string, around: Surroundings): ModelSource {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST) throw refusal(text, `is longer than ${LONGEST} characters`);
  if (trimmed.startsWith("seed:")) return { kind: "seed", seed: seedOf(trimmed) };
  const [address = "", fragment] = splitFragment(trimmed);
  const n_heads = headsOf(fragment);
  const known = around.known.find((model) => [shortName(model), model.id, model.url].includes(address));
  if (known) return addressSource(new URL(known.url), around, known, n_heads);
  if (/^file:\d+\//.test(address)) return { kind: "file", file: fileOf(address), n_heads };
  return addressSource(readAddress(address, around), around, undefined, n_heads);
}

function addressSource(
  { href: url, host, origin }: URL,
  around: Surroundings,
  known: KnownModel | undefined,
  n_heads: number | undefined,
): AddressSource {
  const isForeign = origin !== around.origin && origin !== HUB;
  const copy = known && `./models/${shortName(known)}/model.safetensors`;
  const mirrors = copy && URL.canParse(copy, around.base) ? [new URL(copy, around.base).href] : [];
  return { kind: "address", url, host, isForeign, mirrors, known, n_heads };
}

/** An address that may be asked. Everything else a browser calls an address is refused here, for all who come after. */
function readAddress(text: string, { base, origin }: Surroundings): URL {
  const isRelative = !/^[a-z][a-z\d+.-]*:/i.test(text.replace(/[\t\n\r]/g, "")); // which browsers do not see
  if ((isRelative && !/\/|\.safetensors$/.test(text)) || !URL.canParse(text, base))
    throw refusal(text, "is no model that this page knows");
  const url = new URL(text, base);
  const isSafe =
    url.protocol === "https:" || (url.protocol === "http:" && (url.origin === origin || isLoopback(url)));
  if (!isSafe) throw refusal(text, "is no address that a model is loaded from");
  if (url.username || url.password) throw refusal(url.host, "was given with a name or a password");
  return url;
}

/** A server on the visitor's own computer, which browsers count as secure. */
const isLoopback = ({ hostname }: URL) => hostname === "localhost" || hostname === "127.0.0.1";

function fileOf(name: string): File {
  const file = chosenFile(name);
  if (file) return file;
  throw new NextTokenError("bad-option", "That file was chosen on another visit. Choose it again.");
}

function splitFragment(text: string): [address: string, fragment: string] {
  const at = text.indexOf("#");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function headsOf(fragment: string): number | undefined {
  const heads = new URLSearchParams(fragment).get("n_heads");
  if (heads === null) return undefined;
  if (/^[1-9]\d{0,3}$/.test(heads)) return Number(heads);
  throw new NextTokenError("bad-config", `n_heads is ${quote(heads)}; it must be a whole number above zero.`);
}

/** The same source with another number of heads; undefined leaves it to the checkpoint. */
export function withHeads(text: string, n_heads: number | undefined): string {
  const [address] = splitFragment(text.trim());
  return n_heads === undefined ? address : `${address}#n_heads=${n_heads}`;
}

/**
 * The seed in "seed:123".
 * @throws NextTokenError "bad-seed" for a seed that is no whole number, "bad-option" for anything else
 */
export function seedOf(source: string): number {
  const [, seed] = /^seed:(.*)$/.exec(source) ?? [];
  if (seed === undefined) throw refusal(source, "is no seed");
  if (!/^\d{1,10}$/.test(seed) || Number(seed) > 0xffffffff) {
    throw new NextTokenError(
      "bad-seed",
      `${quote(seed)} is not a seed. Use a whole number from 0 to 4294967295, as in model="seed:123".`,
    );
  }
  return Number(seed);
}

const refusal = (text: string, what: string): NextTokenError =>
  new NextTokenError(
    "bad-option",
    `${quote(text)} ${what}. Write a seed (seed:123), a model's name (gpt2), or the https address of a model.safetensors.`,
  );

/** A stranger's text, fit to stand in a sentence: quoted, with nothing invisible in it, and never longer than a line. */
function quote(text: string): string {
  const visible = text.replace(/[^\x20-\x7e]/g, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`);
  return JSON.stringify(visible.length > 80 ? `${visible.slice(0, 79)}…` : visible);
}
