import { formatCount } from "../format.ts";

/**
 * What someone should know about the prompt they typed; mostly nothing.
 * @param progress the share of a long text that is split into tokens, 0 to 1
 */
export function promptNotes(text: string, ids: number[], contextSize: number, progress?: number): string[] {
  const notes: string[] = [];
  if (progress !== undefined) {
    notes.push(
      `Splitting the text into tokens: ${Math.round(100 * progress)} % done. You can go on writing meanwhile.`,
    );
  }
  if (text === "") {
    notes.push("An empty prompt starts from <|endoftext|> (50256), the token that stands between two texts.");
  }
  if (text.includes("<|endoftext|>")) {
    notes.push(
      "<|endoftext|> in a prompt is read as these letters, several tokens, and not as the token 50256: what is typed never becomes it. Only an empty prompt starts from the token itself.",
    );
  }
  if (text.endsWith(" ")) {
    notes.push(
      "The prompt ends with a space, which is a token of its own. GPT-2 puts the space before the next word, so this changes what follows.",
    );
  }
  const cropped = ids.length - contextSize;
  if (cropped > 0) {
    notes.push(
      `${formatCount(ids.length)} tokens do not fit a context of ${formatCount(contextSize)}: ` +
        `${cropped === 1 ? "the first is" : `the first ${formatCount(cropped)} are`} cropped, and the model never reads ${cropped === 1 ? "it" : "them"}.`,
    );
  }
  return notes;
}
