import { css, html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import { GPT_CONFIG_124M } from "../../config.ts";
import { formatCount } from "../../lesson/format.ts";
import { examples } from "../../lesson/small-model/examples.ts";
import { type Snapshot, snapshots } from "../../lesson/small-model/record.ts";
import { FINISHED, snapshotSteps } from "../../lesson/small-model/snapshots.ts";
import { base } from "../design/base.css.ts";
import { define } from "../element/define.ts";

/**
 * The training of the small model as a table: its loss, how many answers are right, and what it makes of the same prompt after
 * different numbers of steps. Fires `step-choose` with a number of steps, `texts-wanted` and `texts-cancel`.
 */
export class TrainingPanel extends LitElement {
  /** The steps that the model was trained for. */
  @property({ attribute: false }) accessor step: number = FINISHED;
  @property({ attribute: false }) accessor prompt = "";
  /** Whether the page around the element has fixed the model. */
  @property({ attribute: false }) accessor locked = false;
  /** What was appended to it after these steps; undefined while that was not computed. */
  @property({ attribute: false }) accessor textAt: (step: number) => string | undefined = () => undefined;
  /** The steps whose text is being computed. */
  @property({ attribute: false }) accessor computing: number | undefined;

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--nt-space-4);
        container-type: inline-size;
      }

      .scroll {
        overflow-x: auto;
      }

      table {
        inline-size: 100%;
        border-collapse: collapse;
        font-size: var(--nt-text-s);
        font-variant-numeric: tabular-nums;
      }

      th,
      td {
        padding: calc(0.125 * var(--nt-em)) var(--nt-space-3) calc(0.125 * var(--nt-em)) 0;
        border-block-end: 1px solid var(--nt-line);
        font-weight: 400;
        text-align: end;
        vertical-align: baseline;
      }

      thead th {
        color: var(--nt-soft);
        font-size: var(--nt-text-xs);
        vertical-align: bottom;
      }

      .text {
        inline-size: 60%;
        min-inline-size: calc(16 * var(--nt-em));
        font-family: var(--nt-mono);
        overflow-wrap: anywhere;
        text-align: start;
      }

      thead .text {
        font-family: inherit;
      }

      .here > * {
        background: var(--nt-wash);
        font-weight: 600;
      }

      .go {
        min-block-size: var(--nt-target);
        padding: 0 var(--nt-space-2);
        background: none;
        border-color: var(--nt-edge);
        font-size: var(--nt-text-s);
        font-variant-numeric: tabular-nums;
      }

      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: var(--nt-space-2) var(--nt-space-4);
        align-items: center;
      }

      .words {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--nt-space-3) var(--nt-space-6);
      }

      .key {
        display: inline-block;
        inline-size: calc(2 * var(--nt-em));
        border-block-start: 2px solid var(--nt-bar);
        vertical-align: middle;
      }

      .key.held-out {
        border-block-start: 2px dashed var(--nt-heat);
      }

      /* On a phone the texts need the room; the curve has the other loss. */
      @container (max-width: 30em) {
        .seen {
          display: none;
        }

        .text {
          min-inline-size: calc(9 * var(--nt-em));
        }
      }

      @container (min-width: 46em) {
        .words {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
      }
    `,
  ];

  override render() {
    const kind = examples.find(({ prompt }) => prompt === this.prompt)?.kind;
    return html`
      <div class="bar">${this.#button()}<p class="note" aria-live="polite">${this.#progress()}</p></div>
      <div class="scroll" role="region" aria-label="Training, as a table" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">Steps</th>
              <th scope="col" class="seen">Loss, texts as in training <span class="key" aria-hidden="true"></span></th>
              <th scope="col">Loss, held-out texts <span class="key held-out" aria-hidden="true"></span></th>
              <th scope="col">${kind ? "Such prompts right" : "Held-out prompts right"}</th>
              <th scope="col" class="text">What it appends to this prompt</th>
            </tr>
          </thead>
          <tbody>${snapshots.map((snapshot) => this.#row(snapshot, kind))}</tbody>
        </table>
      </div>
      ${words}
    `;
  }

  #button() {
    if (this.computing !== undefined)
      return html`<button type="button" @click=${() => this.#tell("texts-cancel")}>Stop</button>`;
    const isComplete = snapshotSteps.every((step) => this.textAt(step) !== undefined);
    return html`<button type="button" aria-disabled=${isComplete} @click=${() => isComplete || this.#tell("texts-wanted")}>
      Write the text of every step
    </button>`;
  }

  #progress() {
    if (this.computing === undefined)
      return "The same prompt for all: each file that is missing is fetched, 0.8 MB.";
    const at = snapshotSteps.indexOf(this.computing) + 1;
    return `Model ${at} of ${snapshotSteps.length}, after ${formatCount(this.computing)} steps …`;
  }

  #row({ step, loss, accuracy }: Snapshot, kind: string | undefined) {
    const text = this.textAt(step);
    return html`<tr class=${step === this.step ? "here" : ""} aria-current=${step === this.step ? "true" : nothing}>
      <th scope="row">
        <button
          type="button"
          class="go"
          aria-disabled=${this.locked}
          aria-label=${`Look at it after ${formatCount(step)} steps`}
          @click=${() => this.locked || this.#tell("step-choose", step)}
        >
          ${formatCount(step)}
        </button>
      </th>
      <td class="seen" translate="no">${loss.seen_share.toFixed(3)}</td>
      <td translate="no">${loss.held_out.toFixed(3)}</td>
      <td translate="no">${accuracy ? `${Math.round(100 * shareOf(accuracy, kind))} %` : "–"}</td>
      <td class="text" translate="no"><bdi>${text ?? ""}</bdi></td>
    </tr>`;
  }

  #tell(name: string, detail?: number) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** The share of right answers of one kind of task, or of all. */
function shareOf(accuracy: Readonly<Record<string, number>>, kind: string | undefined): number {
  const shares = kind === undefined ? Object.values(accuracy) : [accuracy[kind]!];
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

const evenGuess = Math.log(GPT_CONFIG_124M.vocab_size).toFixed(2);

const words = html`<div class="words">
  <div>
    <h2 class="caption">What training changes</h2>
    <p class="note">
      Only the numbers in the weights. The loop is the same seven steps before and after, and the model the same
      <code translate="no">GPTModel</code>: what was gibberish becomes sense because other logits come out of the same
      operations. For each token of a text the weights are moved a little, so that the token that did follow becomes
      likelier.
    </p>
  </div>
  <div>
    <h2 class="caption">Why the loss begins near <span translate="no">${evenGuess}</span></h2>
    <p class="note">
      The loss is how surprised the model is by the token that follows: minus the logarithm of its probability, on
      average. Who knows nothing and gives each of 50,257 tokens the same probability has ln 50,257 =
      <span translate="no">${evenGuess}</span>. It does not fall to 0: nobody can know whom the next text will be about.
    </p>
  </div>
  <div>
    <h2 class="caption">What overfitting looks like</h2>
    <p class="note">
      The solid line goes on falling while the dashed one rises again: the model learns what is true of its own texts alone.
      No text is read twice here, and still it happens a little, after about 6,500 steps: the model notices which people and
      things never come together in its texts, and the held-out texts bring just those together. What they ask is answered
      as before.
    </p>
  </div>
  <div>
    <h2 class="caption">What this model cannot know</h2>
    <p class="note">
      Anything outside its short texts: it has read 500 tokens of English and takes all others for the same one. It reads 64
      tokens, knows sums of two digits by heart and cannot add, and has never been asked a question in other words. Told
      that Tom has the key it knows what Tom has; who has the key it can mostly only guess.
      docs/small-model.md tells how it was made, and how to make another.
    </p>
  </div>
</div>`;

define("next-token-training", TrainingPanel);
