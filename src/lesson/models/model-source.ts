import type { GPTConfig } from "../../config.ts";
import { NextTokenError } from "../../errors.ts";
import type { ModelOptions, PublishedModel } from "../../index.ts";
import { smallModel, stepsIn } from "../small-model/snapshots.ts";
import { type ChosenFile, chosenFile, fileNameIn } from "./chosen-files.ts";
import { quote } from "./quote.ts";
import { seedConfig } from "./seed-config.ts";

/** How the weights are kept on the GPU. */
export type Precision = NonNullable<ModelOptions["precision"]>;
export const precisions: readonly Precision[] = ["f32", "f16", "int8"];

/** What the `model` attribute, `?model=` in the page's address, or somebody's choice stands for. */
export type ModelSource = SeedSource | SmallSource | AddressSource | FileSource;

export interface SeedSource {
  readonly kind: "seed";
  readonly seed: number;
  readonly config: GPTConfig;
  readonly precision: Precision;
}

/** The small model that comes with the page. */
export interface SmallSource {
  readonly kind: "small";
  /** How many steps it was trained for. */
  readonly step: number;
  readonly precision: Precision;
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
  readonly precision: Precision;
}

export interface FileSource extends ChosenFile {
  readonly kind: "file";
  readonly n_heads?: number | undefined;
  readonly precision: Precision;
}

export type KnownModel = Pick<PublishedModel, "id" | "label" | "url" | "bytes">;

/** The page that the text stands on, and what it may name. */
export interface PageContext {
  /** What addresses are relative to. */
  readonly base: string;
  /** This site: whose page this is part of. */
  readonly origin: string;
  readonly known: readonly KnownModel[];
}

/**
 * The site that a page is from. One that has no address of its own (the `srcdoc` of a frame, a window that a script has
 * filled) belongs to the page that made it: it has that page's origin, or, sandboxed, still that page's address as its
 * base, unless it names another base. "null" is no site's: everything is then foreign.
 */
export function ownOrigin(page: Document, addressed: string, inherited: string): string {
  if (addressed !== "null") return addressed;
  if (inherited !== "null") return inherited;
  return page.querySelector("base[href]") ? "null" : new URL(page.baseURI).origin;
}

const HUB = "https://huggingface.co";
const LONGEST = 2048;

/** "openai-community/gpt2" -> "gpt2": what people call it, and its folder in a site's own copy. */
export const shortName = ({ id }: Pick<KnownModel, "id">): string => id.slice(id.lastIndexOf("/") + 1);

/**
 * "seed:123", "small" or "small:500", "gpt2", an address (absolute, or relative with a slash or .safetensors at its end),
 * or the name of a chosen file. "#precision=f16" behind any of them says how its weights are kept, "#n_heads=5" behind an address or a file what
 * no shape of a checkpoint shows, together "#n_heads=5&precision=f16"; behind a seed may stand any key of `GPTConfig`.
 * @throws NextTokenError "bad-seed", "bad-config" or "bad-option"
 */
export function parseModelSource(text: string, context: PageContext): ModelSource {
  const trimmed = text.trim();
  if (trimmed.startsWith("seed:")) return parseSeed(trimmed);
  checkLength(trimmed);
  const [address, fragment] = splitFragment(trimmed);
  const precision = precisionOf(fragment);
  const n_heads = headsOf(fragment);
  const step = stepsIn(address);
  if (step !== undefined) return { kind: "small", step, precision };
  const details = { n_heads, precision };
  const known = context.known.find((model) => [shortName(model), model.id, model.url].includes(address));
  if (known) return { ...addressSource(new URL(known.url), context, known), ...details };
  const file = chosenFile(address);
  if (file) return { kind: "file", ...file, ...details };
  const missing = missingFile(address);
  if (missing !== undefined) throw new NextTokenError("bad-option", askForFile(missing));
  return { ...addressSource(readAddress(address, context), context), ...details };
}

/**
 * "seed:123#n_layers=4&precision=f16".
 * @throws NextTokenError "bad-seed", "bad-config" or "bad-option"
 */
export function parseSeed(text: string): SeedSource {
  checkLength(text);
  const [address, fragment] = splitFragment(text);
  return {
    kind: "seed",
    seed: seedOf(address),
    config: seedConfig(fragment),
    precision: precisionOf(fragment),
  };
}

function checkLength(text: string): void {
  if (text.length > LONGEST) throw refusal(text, `is longer than ${LONGEST} characters`);
}

function addressSource(
  { href: url, host, origin }: URL,
  context: PageContext,
  known?: KnownModel,
): Omit<AddressSource, "precision"> {
  const isForeign = origin !== context.origin && origin !== HUB;
  const copy = known && `./models/${shortName(known)}/model.safetensors`;
  const mirrors = copy && URL.canParse(copy, context.base) ? [new URL(copy, context.base).href] : [];
  return { kind: "address", url, host, isForeign, mirrors, known };
}

/** An address that may be asked. Everything else a browser calls an address is refused here, for all who come after. */
function readAddress(text: string, { base, origin }: PageContext): URL {
  const isRelative = !/^[a-z][a-z\d+.-]*:/i.test(text.replace(/[\t\n\r]/g, "")); // which browsers do not see
  if ((isRelative && !/\/|\.safetensors(\.gz)?$/.test(text)) || !URL.canParse(text, base))
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

/** The name of the file on somebody's disk that `text` is about, where it was not chosen on this page. */
export const missingFile = (text: string): string | undefined =>
  chosenFile(splitFragment(text.trim())[0]) ? undefined : fileNameIn(text.trim());

/** What to do about a file that a link names and cannot carry. */
export const askForFile = (name: string): string =>
  `This link is about the file “${shortened(name)}” on the computer where it was made. Choose that file under Model, or choose another model.`;

const shortened = (name: string) => (name.length > 80 ? `${name.slice(0, 79)}…` : name);

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

function precisionOf(fragment: string): Precision {
  const text = new URLSearchParams(fragment).get("precision") ?? "f32";
  const precision = precisions.find((name) => name === text);
  if (precision) return precision;
  throw new NextTokenError("bad-option", `precision is ${quote(text)}; it must be f32, f16 or int8.`);
}

/** The steps of training of the small model that a source names; undefined where it names another one, or makes no sense. */
export function smallStepOf(text: string): number | undefined {
  try {
    return stepsIn(splitFragment(text.trim())[0]);
  } catch {
    return undefined;
  }
}

/** The small model after `step` steps of training, in the precision of the source `text`. */
export const atStep = (text: string, step: number): string =>
  withPrecision(smallModel(step), precisionIn(text));

/** The precision that a source names, whatever else of it makes sense; f32 where it names none. */
export function precisionIn(text: string): Precision {
  try {
    return precisionOf(splitFragment(text)[1]);
  } catch {
    return "f32";
  }
}

/** The number of heads that a source names, whatever else of it makes sense. */
export function headsIn(text: string): number | undefined {
  try {
    return headsOf(splitFragment(text)[1]);
  } catch {
    return undefined;
  }
}

/** The same source with another number of heads; undefined leaves it to the checkpoint. */
export const withHeads = (text: string, n_heads: number | undefined): string =>
  withDetail(text, "n_heads", n_heads === undefined ? undefined : String(n_heads));

/** The same source in another precision; f32 goes without saying. */
export const withPrecision = (text: string, precision: Precision): string =>
  withDetail(text, "precision", precision === "f32" ? undefined : precision);

/** The same model of another seed: its configuration and precision stay. */
export const withSeed = (text: string, seed: number): string => text.trim().replace(/^[^#]*/, `seed:${seed}`);

function withDetail(text: string, name: string, value: string | undefined): string {
  const [address, fragment] = splitFragment(text.trim());
  const details = new URLSearchParams(fragment);
  if (value === undefined) details.delete(name);
  else details.set(name, value);
  return details.size > 0 ? `${address}#${details}` : address;
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
    `${quote(text)} ${what}. Write a seed (seed:123), a model's name (small, gpt2), or the https address of a model.safetensors.`,
  );
