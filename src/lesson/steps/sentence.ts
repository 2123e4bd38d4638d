/** A piece of code or of the text inside a sentence: not to be translated, nor read as a word of it. */
export interface Code {
  readonly code: string;
}

/** A plain sentence with live values in it. The words can be translated; the values stand between them as they are. */
export interface Sentence {
  /** One more than there are values. */
  readonly words: readonly string[];
  readonly values: readonly (string | Code)[];
}

/** Names, shapes and tokens, to stand in a sentence. */
export const code = (text: string): Code => ({ code: text });

/** A sentence as a template: say`It has ${formatCount(7)} tokens.` */
export const say = (words: TemplateStringsArray, ...values: readonly (string | Code)[]): Sentence => ({
  words,
  values,
});

/** Sentences, or parts of one, one behind the other: with a space between, but before a mark that ends a word. */
export function join(...sentences: readonly Sentence[]): Sentence {
  return sentences.reduce((before, next) => ({
    words: [
      ...before.words.slice(0, -1),
      before.words.at(-1)! + (/^[,:.]/.test(next.words[0]!) ? "" : " ") + next.words[0]!,
      ...next.words.slice(1),
    ],
    values: [...before.values, ...next.values],
  }));
}

/** For the ear, and wherever there is only text. */
export const plain = ({ words, values }: Sentence): string =>
  words.reduce((text, word, i) => {
    const value = values[i - 1]!;
    return text + (typeof value === "string" ? value : value.code) + word;
  });
