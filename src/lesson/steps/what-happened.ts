import type { PageTokenizer } from "../backend.ts";
import { drawnProbability, isCut } from "../draw.ts";
import { formatCount, formatLogit, formatProbability } from "../format.ts";
import { growthBy } from "../growth.ts";
import type { Iteration, IterationResult, ShownDraw } from "../iteration.ts";
import type { Station } from "../playhead.ts";
import { code, join, type Sentence, say } from "./sentence.ts";

/** What a sentence is told by: what ids stand for, and how a token is written so that nothing of it is invisible. */
export interface Reader {
  tokenizer: Pick<PageTokenizer, "bytes" | "decode">;
  /** "·Feature" */
  visible: (id: number) => string;
}

/** What happened at a station of an iteration that was reached, in one plain sentence or two, with its numbers. */
export function whatHappened(station: Station, iteration: Iteration, reader: Reader): Sentence {
  if (station === 1 || !iteration.result) return input(iteration);
  const { result } = iteration;
  if (station === 2) return output(iteration, result, reader);
  const { draw } = result;
  if (station === 3) return draw ? cutSoftmax(result, draw, reader) : softmax(result, reader);
  if (station === 4) return draw ? drawing(draw) : selection(iteration, result, reader);
  if (station === 5) return decoding(iteration, result, reader);
  if (station === 6) return update(iteration);
  return repetition(iteration);
}

function input({ ids, dropped }: Iteration): Sentence {
  const read = ids.length - dropped;
  if (dropped > 0)
    return say`The text has ${formatCount(ids.length)} tokens; the model reads the last ${formatCount(read)}, because ${code("context_size")} is ${formatCount(read)}.`;
  return read === 1
    ? say`The text is one token; the model reads it.`
    : say`The model reads all ${formatCount(read)} tokens.`;
}

function output({ ids, dropped }: Iteration, { logits }: IterationResult, { visible }: Reader): Sentence {
  const last = ids.length - dropped - 1;
  const token = code(visible(ids.at(-1)!));
  const range = say`from ${formatLogit(logits.min)} to ${formatLogit(logits.max)}.`;
  return last === 0
    ? join(say`The one row of logits scores every token as the one that may follow ${token}:`, range)
    : join(
        say`Row p of the logits scores what may follow token p. The last row, ${formatCount(last)}, scores what may follow ${token}:`,
        range,
      );
}

/** How many logits a summary is of: all of the vocabulary. */
const counted = ({ bins }: IterationResult["logits"]): number => bins.reduce((a, b) => a + b);

function softmax({ logits, top }: IterationResult, { visible }: Reader): Sentence {
  const [first] = top;
  const vocab_size = counted(logits);
  return join(
    say`Only the last row is used: e to its largest logit, ${formatLogit(first!.logit)}, over the sum of e to all ${formatCount(vocab_size)}`,
    say`is ${formatProbability(first!.probability)}, for ${code(visible(first!.id))}; an even guess is ${formatProbability(1 / vocab_size)}.`,
  );
}

function cutSoftmax({ logits, top }: IterationResult, draw: ShownDraw, { visible }: Reader): Sentence {
  const [first] = top;
  const vocab_size = counted(logits);
  const divided = say`The last row is divided by the temperature ${String(draw.temperature)}`;
  return join(
    isCut(draw, vocab_size)
      ? join(divided, say`and all but its ${formatCount(draw.kept)} largest logits become −∞:`)
      : join(divided, say`:`),
    say`${code(visible(first!.id))} has ${formatProbability(drawnProbability(first!.logit, draw))}; without this it had ${formatProbability(first!.probability)}.`,
  );
}

/** So many that the number drawn does not read as an end of its stretch. */
function digitsBetween(...numbers: readonly number[]): number {
  for (let digits = 6; digits < 12; digits++) {
    if (new Set(numbers.map((value) => value.toFixed(digits))).size === numbers.length) return digits;
  }
  return 12;
}

function drawing({ id, uniform, from, to }: ShownDraw): Sentence {
  const [drawn, least, most] = [uniform, from, to].map((value) =>
    value.toFixed(digitsBetween(from, uniform, to)),
  );
  return say`The number ${drawn!} was drawn between 0 and 1. From ${least!} to ${most!} it means index ${String(id)}, whose probability is ${formatProbability(to - from)}.`;
}

function selection(
  { allChosen }: Iteration,
  { chosen, top: [first, second] }: IterationResult,
  { visible }: Reader,
): Sentence {
  const largest = say`Index ${String(chosen.id)} has the largest probability`;
  const row = second
    ? join(
        largest,
        say`, ${times(first!.probability / second.probability)} that of the second, ${code(visible(second.id))}.`,
      )
    : join(largest, say`.`);
  return allChosen && allChosen.length > 1
    ? join(row, say`For all rows, ${code("idx_next")} is ${code(column(allChosen))}.`)
    : row;
}

/** For a ratio so many digits that it does not read as "1 times". */
function times(ratio: number): string {
  if (ratio >= 10) return `${formatCount(Math.round(ratio))} times`;
  const digits = ratio < 1.001 ? 6 : ratio < 1.01 ? 4 : 2;
  return `${ratio.toFixed(digits)} times`;
}

/** [[27018], [464]] */
const column = (ids: readonly number[]): string => `[${ids.map((id) => `[${id}]`).join(", ")}]`;

function decoding({ ids }: Iteration, { chosen }: IterationResult, { tokenizer, visible }: Reader): Sentence {
  const bytes = [...tokenizer.bytes(chosen.id)];
  const entry = say`Entry ${String(chosen.id)} of the vocabulary is ${code(visible(chosen.id))}`;
  const { isWhole, text } = growthBy(tokenizer, ids, chosen.id);
  const written = code(bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" "));
  if (!isWhole)
    return join(entry, say`(bytes ${written}): a part of a character, whose rest comes with the next token.`);
  if (text === undefined)
    return join(entry, say`(bytes ${written}): the rest of a character that began before.`);
  const spaces = bytes.filter((byte) => byte === SPACE).length;
  if (spaces === 0) return join(entry, say`: no space stands before it.`);
  return join(
    entry,
    spaces === 1 ? say`, whose dot stands for a space.` : say`, whose dots stand for spaces.`,
  );
}

const SPACE = 0x20;

function update({ ids, batch }: Iteration): Sentence {
  const [before, after] = [ids.length, ids.length + 1].map((length) => code(`[${batch}, ${length}]`));
  return say`${code("idx")} grew from ${before!} to ${after!}.`;
}

function repetition({ step, target, ids, batch }: Iteration): Sentence {
  const [made, asked, length] = [step + 1, target, ids.length + 1].map(formatCount);
  if (step + 1 === target)
    return say`All ${asked!} tokens are appended: the loop is over and returns ${code("idx")}, ${code(`[${batch}, ${ids.length + 1}]`)}.`;
  return say`Iteration ${made!} of ${asked!} is over. The next one reads all ${length!} tokens.`;
}
