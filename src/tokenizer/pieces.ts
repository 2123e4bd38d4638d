/** So many characters are matched at a time: a regular expression's stack has an end, and nothing can pause inside a match. */
const AT_A_TIME = 2 ** 16;

// White space is what \s means to tiktoken, Unicode's property. JavaScript's \s has U+FEFF as well, and lacks U+0085.
const space = "\\p{White_Space}";
const other = "[^\\p{White_Space}\\p{L}\\p{N}]";
const many = `{1,${AT_A_TIME}}`;
const spaces = `${space}${many}(?!\\P{White_Space})`; // all but the last before a word, which is a space that goes with the word

const piece = new RegExp(
  `'(?:s|t|re|ve|m|ll|d)| ?\\p{L}${many}| ?\\p{N}${many}| ?${other}${many}|${spaces}|${space}`,
  "uy",
);

/** The rest of a piece that was too long to be matched at once: more of the same. */
const rest = new RegExp(
  `(?<=\\p{L})\\p{L}${many}|(?<=\\p{N})\\p{N}${many}|(?<=${other})${other}${many}|(?<=${space})${spaces}`,
  "uy",
);

/**
 * Cuts a text where GPT-2 does before it merges anything: into words, numbers, runs of punctuation, each with the space
 * before it, endings such as 's, and white space.
 * @yields the pieces; joined they are the text. In between undefined, while one is so long that its end is not yet found.
 */
export function* pieces(text: string): Generator<string | undefined, void> {
  for (let start = 0; start < text.length; ) {
    let end = endOf(piece, text, start);
    for (let from = start; end - from >= AT_A_TIME; ) {
      yield undefined;
      from = end;
      end = endOf(rest, text, from);
    }
    yield text.slice(start, end);
    start = end;
  }
}

/** Where the match that begins at `start` ends; `start` itself when there is none. */
function endOf(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : start;
}
