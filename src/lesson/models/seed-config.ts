import { checkConfig } from "../../check-config.ts";
import { GPT_CONFIG_124M, type GPTConfig } from "../../config.ts";
import { NextTokenError } from "../../errors.ts";
import { quote } from "./quote.ts";

/** How the value of a key is written; `read` gives undefined for anything else. */
interface Notation<Value> {
  readonly read: (text: string) => Value | undefined;
  readonly what: string;
}

const whole: Notation<number> = {
  read: (text) => (/^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : undefined),
  what: "a whole number in plain digits, such as 12",
};
const decimal: Notation<number> = {
  read: (text) => (/^\d(\.\d{1,15})?$/.test(text) ? Number(text) : undefined),
  what: "a number in plain digits, such as 0.1",
};
const truth: Notation<boolean> = {
  read: (text) => (/^([Tt]rue|[Ff]alse)$/.test(text) ? /^t/i.test(text) : undefined), // in Python's words and in ours
  what: "true or false",
};

const notations: { readonly [Key in keyof GPTConfig]: Notation<GPTConfig[Key]> } = {
  vocab_size: whole,
  context_length: whole,
  emb_dim: whole,
  n_heads: whole,
  n_layers: whole,
  drop_rate: decimal,
  qkv_bias: truth,
};

/** The notebook's keys, in its order. */
export const configKeys = Object.keys(notations) as (keyof GPTConfig)[];

/**
 * The configuration of a seed's model: the notebook's, with what stands behind the "#", "n_layers=4&emb_dim=96".
 * @throws NextTokenError "bad-config" for keys that are none or stand there twice, and for what no model can have
 */
export function seedConfig(fragment: string): GPTConfig {
  const changes: Record<string, number | boolean> = {};
  const seen = new Set<string>();
  for (const [key, text] of new URLSearchParams(fragment)) {
    if (seen.has(key)) throw refusal(`${quote(key)} stands there more than once. Write each key once.`);
    seen.add(key);
    if (key === "precision") continue;
    const known = configKeys.find((name) => name === key);
    if (!known)
      throw refusal(`A seed's model has no ${quote(key)}. It has ${configKeys.join(", ")} and precision.`);
    const { read, what } = notations[known];
    const value = read(text);
    if (value === undefined) throw refusal(`${known} is ${quote(text)}; it must be ${what}.`);
    changes[known] = value;
  }
  const config = { ...GPT_CONFIG_124M, ...changes };
  checkConfig(config);
  return config;
}

const refusal = (sentence: string) => new NextTokenError("bad-config", sentence);
