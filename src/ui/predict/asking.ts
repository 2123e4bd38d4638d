import { html, type TemplateResult } from "lit";
import type { GPTModel } from "../../index.ts";
import { resultOf } from "../../lesson/iteration.ts";
import { isOpen } from "../../lesson/predict/asked.ts";
import { Predictions, typedGuess } from "../../lesson/predict/predictions.ts";
import type { Choice, Question } from "../../lesson/predict/question.ts";
import type { Session } from "../../lesson/session.ts";

/** What the element does for its questions. */
interface Acts {
  /** @returns whether nobody prevented the event's default */
  emit(name: "before-token" | "prediction", detail: unknown): boolean;
  /** Shows the token that is held. */
  show(): Promise<void>;
  /** Goes on to the next question. */
  next(): void;
}

/** "What comes next?": the page around the element may ask it of each token, and then the element itself. */
export class Asking {
  readonly #acts: Acts;
  #predictions = new Predictions();
  /** Whether the code that asks did not come: tokens are then shown, since nobody could answer. */
  #isMissing = false;

  constructor(acts: Acts) {
    this.#acts = acts;
  }

  /** Begins to count anew. */
  begin(): void {
    this.#predictions = new Predictions();
  }

  /** Whether a token may be shown at once. @param predict whether the element asks, where the page does not */
  mayShow(question: Question, predict: boolean): boolean {
    if (!this.#acts.emit("before-token", question)) return false;
    if (!predict || this.#isMissing) return true;
    this.#predictions.asked = question;
    return false;
  }

  /** What the element asks about this row. */
  panel(session: Session<GPTModel>, row: number): TemplateResult {
    const { state, prompts, settings } = session;
    const { question } = state;
    const { asked, last, score } = this.#predictions;
    const isAsking = isOpen(state) && question === asked;
    const guessed = (guess: (answer: number) => Choice | undefined) => this.#guessed(session, row, guess);
    void import("./prediction-panel.ts").catch(() => {
      this.#isMissing = true;
    });
    return html`<next-token-prediction
      part="question"
      .tokenizer=${prompts.tokenizer}
      .choices=${isAsking ? question?.choices[row] : undefined}
      .isDrawn=${settings.sampling !== undefined}
      .last=${last}
      .score=${score}
      .canAsk=${state.activity === "idle"}
      @guess-choose=${({ detail }: CustomEvent<Choice>) => guessed(() => detail)}
      @guess-type=${({ detail }: CustomEvent<string>) =>
        guessed((answer) => typedGuess(detail, answer, prompts.tokenizer!))}
      @guess-skip=${() => guessed(() => undefined)}
      @guess-next=${this.#acts.next}
    ></next-token-prediction>`;
  }

  /** Takes a guess, or none, and shows the token. */
  async #guessed(session: Session<GPTModel>, row: number, guess: (answer: number) => Choice | undefined) {
    const { state, prompts } = session;
    const held = session.hold.computed?.step;
    if (!held || !state.question || !isOpen(state)) return;
    const taken = guess(held.ids[row]!);
    this.#predictions.last = undefined;
    if (taken) {
      const result = resultOf(held, row);
      const outcome = this.#predictions.judge(state.question, row, result, taken, prompts.tokenizer!);
      const { among: _, ...prediction } = outcome;
      this.#acts.emit("prediction", prediction);
    }
    await this.#acts.show();
  }
}
