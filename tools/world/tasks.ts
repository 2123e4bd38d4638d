import type { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import type { Share } from "./held-out.ts";
import type { Kind } from "./kind.ts";
import type { Random } from "./random.ts";
import { writeKind } from "./world.ts";

/** A prompt whose next token can be known. */
export interface Task {
  readonly prompt: string;
  /** The word that follows, with the space before it: one token. */
  readonly answer: string;
  readonly ids: readonly number[];
  readonly answerId: number;
}

/** A text of `kind`, up to one of the words that can be known. */
export function writeTask(kind: Kind, tokenizer: Tokenizer, random: Random, share: Share): Task {
  const { text, answers } = writeKind(kind, random, share);
  const { start, end } = random.of(answers);
  const prompt = text.slice(0, start - 1);
  const answer = text.slice(start - 1, end);
  const [answerId, ...more] = tokenizer.encode(answer);
  if (answerId === undefined || more.length > 0) throw new Error(`“${answer}” is not one token.`);
  return { prompt, answer, ids: tokenizer.encode(prompt), answerId };
}

/** `count` tasks of a kind, no two with the same prompt while there are others. */
export function writeTasks(
  kind: Kind,
  count: number,
  tokenizer: Tokenizer,
  random: Random,
  share: Share,
): Task[] {
  const tasks = new Map<string, Task>();
  for (let tries = 0; tasks.size < count && tries < 100 * count; tries++) {
    const task = writeTask(kind, tokenizer, random, share);
    tasks.set(task.prompt, task);
  }
  return [...tasks.values()];
}
