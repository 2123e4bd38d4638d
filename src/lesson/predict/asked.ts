import type { PageTokenizer } from "../backend.ts";
import type { RecordedStep, SessionState } from "../session-state.ts";
import type { Choice, Question } from "./question.ts";

/** What is asked about the token of `next`, which is to follow `steps`. */
export function questionOf(
  start: readonly (readonly number[])[],
  steps: readonly RecordedStep[],
  next: Pick<RecordedStep, "top">,
  tokenizer: Pick<PageTokenizer, "decode">,
): Question {
  let choices: Choice[][] | undefined;
  return {
    position: start[0]!.length + steps.length,
    // Made when somebody looks: each token is asked about, and mostly nobody wants to know.
    get choices() {
      choices ??= next.top.map((candidates) =>
        candidates.map(({ id }) => ({ id, text: tokenizer.decode([id]) })).sort(byText),
      );
      return choices;
    },
  };
}

function byText(a: Choice, b: Choice): number {
  const [first, second] = [a, b].map(({ text }) => text.trim().toLowerCase());
  if (first! < second!) return -1;
  return first! > second! ? 1 : a.id - b.id;
}

/** Whether the question is the next thing to answer where the page stands: one may have gone back from it. */
export const isOpen = ({ question, at, steps, activity }: SessionState): boolean =>
  question !== undefined && activity === "idle" && at?.step === steps.length;

/** Whether what follows the text at the playhead is to be guessed, and must be seen nowhere. */
export const isNextHidden = ({ asks, at, steps }: SessionState): boolean =>
  asks && (at === undefined || at.step >= steps.length);
