import { type DeviceChoice, deviceChoices, GPT_CONFIG_124M, type HeadOfLayer, type Mask } from "../config.ts";
import { headsAmong, readHeads } from "./ablate.ts";
import { controlNames } from "./control-names.ts";
import { panelNames } from "./panel-names.ts";
import { type Pace, playbackSpeeds } from "./playback-speed.ts";
import type { Playhead } from "./playhead.ts";
import { MOST_ROWS, type RaggedPrompts } from "./prompts/ragged-prompts.ts";
import type { Settings } from "./session-state.ts";

/** When the element shows itself: at once, or at a press. */
export type Reveal = "auto" | "interaction";

/**
 * Reads what a page or its framework set a property or attribute of `<next-token>` to, which may be anything. Absent
 * values and values that make no sense become the default; the latter with a warning in the console. No reader throws,
 * and a value that was read once is read as itself.
 */
export const propertyReaders = {
  prompts: promptsOf,
  raggedPrompts: oneOf<RaggedPrompts>("raggedPrompts", ["error", "truncate", "pad"]),
  model: (value: unknown): string => textOf("model", value).trim() || "seed:123",
  maxNewTokens: wholeFrom("max-new-tokens", 0, 10),
  contextSize: wholeFrom("context-size", 1, GPT_CONFIG_124M.context_length),
  mask: oneOf<Mask>("mask", ["causal", "none"]),
  device: oneOf<DeviceChoice>("device", deviceChoices),
  kvCache: (value: unknown): boolean => booleanOf(value ?? true),
  ablate: ablateOf,
  sampling: samplingOf,
  stopAtEndOfText: booleanOf,
  pace: oneOf<Pace>("pace", [playbackSpeeds[0].name, ...playbackSpeeds.map(({ name }) => name)]),
  destination: destinationOf,
  row: wholeFrom("row", 0, 0),
  autoplay: booleanOf,
  panels: namesAmong("panels", panelNames),
  controls: namesAmong("controls", controlNames),
  locked: booleanOf,
  predict: booleanOf,
  reveal: oneOf<Reveal>("reveal", ["auto", "interaction"]),
  poster: imageOf,
};

/** Frameworks write `autoplay="false"`, which HTML would take for true. */
function booleanOf(value: unknown): boolean {
  return typeof value === "string" && /^\s*false\s*$/i.test(value) ? false : Boolean(value);
}

/** One for each row, with line ends as the field of a prompt has them: its ids are then the same before and after typing. */
function promptsOf(value: unknown): readonly string[] {
  const texts = (Array.isArray(value) ? value.slice(0, MOST_ROWS) : [value]).map((text) =>
    textOf("prompt", text).replace(/\r\n?/g, "\n"),
  );
  if (Array.isArray(value) && value.length > MOST_ROWS)
    console.warn(`<next-token>: of ${value.length} prompts the first ${MOST_ROWS} are taken.`);
  return texts.length > 0 ? texts : [""];
}

function textOf(name: string, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol")
    return String(value);
  warn(name, typeof value, "nothing");
  return "";
}

/** @returns what takes a value for a whole number, `least` or more; or else for `standard` */
function wholeFrom(name: string, least: number, standard: number) {
  return (value: unknown): number => {
    if (isAbsent(value)) return standard;
    const number = typeof value === "string" && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
    if (Number.isSafeInteger(number) && (number as number) >= least) return number as number;
    warn(name, value, standard);
    return standard;
  };
}

/** @returns what takes a value for one of `names`, in either case; or else for the first of them */
function oneOf<Name extends string>(name: string, names: readonly [Name, ...Name[]]) {
  return (value: unknown): Name => {
    if (isAbsent(value)) return names[0];
    const text = typeof value === "string" ? value.trim().toLowerCase() : undefined;
    const found = names.find((each) => each === text);
    if (!found) warn(name, value, names[0]);
    return found ?? names[0];
  };
}

/** @returns what takes a list of some of `names`, or a text that has them; all where nothing is said, and none for "" */
function namesAmong<Name extends string>(name: string, names: readonly Name[]) {
  return (value: unknown): readonly Name[] => {
    if (value === undefined || value === null) return names;
    const isList = Array.isArray(value);
    if (!isList && typeof value !== "string") {
      warn(name, value, "all of them");
      return names;
    }
    const given = isList
      ? value.map((each) => (typeof each === "string" ? each : typeof each))
      : value.split(/[\s,]+/);
    const asked = new Set(given.filter(Boolean).map((text) => text.toLowerCase()));
    const known: ReadonlySet<string> = new Set(names);
    const unknown = [...asked].filter((text) => !known.has(text));
    const found = names.filter((each) => asked.has(each));
    if (unknown.length === 0) return found;
    const used = found.length > 0 ? found : names;
    console.warn(
      `<next-token>: ${name} cannot have ${JSON.stringify(unknown.join(" "))}, only ${names.join(" ")}. It is taken for ${used.join(" ")}.`,
    );
    return used;
  };
}

/** The address of an image, as it was given; "" for anything else. */
function imageOf(value: unknown): string {
  const text = textOf("poster", value).trim();
  if (text === "" || isImage(text)) return text;
  warn("poster", value, "no image");
  return "";
}

function isImage(text: string): boolean {
  try {
    const { protocol, pathname } = new URL(text, "https://page.example/");
    return protocol === "data:" ? /^image\/[a-z+]+[;,]/.test(pathname) : /^(https?|blob):$/.test(protocol);
  } catch {
    return false;
  }
}

/** "0.3 2.1" or [[0, 3], [2, 1]]: what in it is no head is passed over. Which heads a model has is known once it is loaded. */
function ablateOf(value: unknown): readonly HeadOfLayer[] {
  if (isAbsent(value)) return [];
  const { heads, isWhole } = Array.isArray(value) ? headsAmong(value) : readHeads(textOf("ablate", value));
  if (!isWhole) warn("ablate", value, heads.length > 0 ? "the heads in it" : "no head");
  return heads;
}

function samplingOf(value: unknown): Settings["sampling"] {
  if (isAbsent(value)) return undefined;
  const isSampling =
    typeof value === "object" && typeof Reflect.get(value as object, "temperature") === "number";
  if (isSampling) return value as Settings["sampling"];
  warn("sampling", value, "the likeliest token");
  return undefined;
}

function destinationOf(value: unknown): Playhead | undefined {
  const { step, station } = (value ?? {}) as Partial<Playhead>;
  return Number.isSafeInteger(step) && Number.isSafeInteger(station) ? (value as Playhead) : undefined;
}

const isAbsent = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "string" && value.trim() === "");

function warn(name: string, value: unknown, used: string | number): void {
  const shown =
    typeof value === "string" ? JSON.stringify(value) : typeof value === "number" ? value : typeof value;
  console.warn(`<next-token>: ${name} cannot be ${shown}. It is taken for ${used}.`);
}

/** The notebook's untrained model and its loop, as they run where nobody set anything. */
export const defaultSettings: Settings = {
  model: propertyReaders.model(undefined),
  mask: propertyReaders.mask(undefined),
  device: propertyReaders.device(undefined),
  maxNewTokens: propertyReaders.maxNewTokens(undefined),
  contextSize: propertyReaders.contextSize(undefined),
  kvCache: propertyReaders.kvCache(undefined),
  ablate: propertyReaders.ablate(undefined),
  sampling: propertyReaders.sampling(undefined),
  stopAtEndOfText: propertyReaders.stopAtEndOfText(undefined),
};
