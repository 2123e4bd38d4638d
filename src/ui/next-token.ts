import { html, LitElement, nothing } from "lit";
import { GPT_CONFIG_124M, type Mask } from "../model/config.ts";
import type { NextTokenError } from "../next-token-error.ts";
import { announcement } from "./announcement.ts";
import { base } from "./base.css.ts";
import "./build-progress.ts";
import "./candidate-table.ts";
import { define } from "./define.ts";
import "./failure-notice.ts";
import { gptBackend } from "./gpt-backend.ts";
import "./mask-switch.ts";
import { layout } from "./next-token.css.ts";
import { pace } from "./pace.ts";
import "./prompt-editor.ts";
import { promptNotes } from "./prompt-notes.ts";
import "./run-controls.ts";
import { Session } from "./session.ts";
import type { SessionEvents } from "./session-state.ts";
import "./status-line.ts";
import { missingSupport } from "./support.ts";
import { visible } from "./token-chip.ts";
import "./token-tape.ts";
import { tokens } from "./tokens.css.ts";

/**
 * `<next-token prompt="Hello, I am" model="seed:123" max-new-tokens="10">`: a GPT that one can watch choose tokens.
 * Its content is shown where there is no WebGPU. The model is built at the first Generate or Step, or on `autoplay`.
 *
 * @fires progress - `{ phase, loaded, total }` while the model is built, in bytes
 * @fires ready - the model can run
 * @fires token - `{ id, text, row, position, probability }` for each token appended
 * @fires done - `{ ids, text }`, the whole row, when a run is over
 * @fires error - `{ code, message }`: what went wrong and what to do next
 */
export class NextToken extends LitElement {
  static override properties = {
    prompt: { converter: (value: string | null) => value ?? "" },
    model: {},
    maxNewTokens: { type: Number, attribute: "max-new-tokens" },
    contextSize: { type: Number, attribute: "context-size" },
    mask: { reflect: true },
    autoplay: { type: Boolean, reflect: true },
  };
  declare prompt: string;
  /** "seed:123": the notebook's untrained model, its weights drawn from this seed. */
  declare model: string;
  /** How many tokens a run appends. */
  declare maxNewTokens: number;
  /** How many of the last tokens the model reads. */
  declare contextSize: number;
  declare mask: Mask;
  /** Generate as soon as the element is on the page. */
  declare autoplay: boolean;

  static override styles = [tokens, base, layout];

  readonly #session: Session;
  #unsupported: NextTokenError | undefined;
  #seen: IntersectionObserver | undefined;

  constructor() {
    super();
    this.prompt = "";
    this.model = "seed:123";
    this.maxNewTokens = 10;
    this.contextSize = GPT_CONFIG_124M.context_length;
    this.mask = "causal";
    this.autoplay = false;
    const tell = (name: keyof SessionEvents, detail: unknown) => this.#tell(name, detail);
    this.#session = new Session(gptBackend, this.#settings(), tell, () => this.requestUpdate());
  }

  /** Appends `maxNewTokens` tokens, or the rest of a run that was stopped. Settles when that is over; failures are events. */
  async generate(): Promise<void> {
    if (this.#unsupported) return;
    this.#takeProperties();
    await this.#session.generate();
  }

  /** Appends one token. */
  async step(): Promise<void> {
    if (this.#unsupported) return;
    this.#takeProperties();
    await this.#session.step();
  }

  /** Stops after the token under way. */
  pause(): void {
    this.#session.pause();
  }

  /** Takes the appended tokens away. The model stays. */
  reset(): void {
    this.#session.reset();
  }

  override connectedCallback() {
    super.connectedCallback();
    this.#unsupported = missingSupport();
    if (this.#unsupported) {
      const { code, message } = this.#unsupported;
      this.#tell("error", { code, message });
    }
    this.#seen = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) this.#loadTokenizer();
    });
    this.#seen.observe(this);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#seen?.disconnect();
    queueMicrotask(() => this.isConnected || this.#session.dispose()); // an element that only moves keeps its model
  }

  protected override willUpdate() {
    this.#takeProperties();
  }

  protected override firstUpdated() {
    if (this.autoplay) this.generate();
  }

  protected override render() {
    const { activity, progress, adapter, start, steps, target, failure } = this.#session.state;
    const { ids = [], tokenizer, failure: refusal } = this.#session.prompt;
    const shown = this.#unsupported ?? failure;
    const last = steps.at(-1);
    const name = (id: number) => (tokenizer ? visible(tokenizer, id) : String(id));
    return html`
      <div class="figure">
        <section class="ask" aria-label="Prompt and controls" @focusin=${this.#loadTokenizer}>
          ${this.#unsupported ? html`<slot></slot>` : nothing}
          <next-token-prompt
            .text=${this.prompt}
            .notes=${promptNotes(this.prompt, ids, this.contextSize)}
            .refusal=${refusal?.message}
            @prompt-change=${this.#promptChanged}
            @prompt-go=${this.generate}
          ></next-token-prompt>
          <next-token-controls
            .activity=${activity}
            .made=${steps.length}
            .target=${target}
            .count=${this.maxNewTokens}
            .canRun=${!this.#unsupported && !refusal}
            @run-generate=${this.generate}
            @run-stop=${this.pause}
            @run-step=${this.step}
            @run-reset=${this.reset}
            @run-count=${this.#countChanged}
          ></next-token-controls>
          <next-token-mask .mask=${this.mask} @mask-change=${this.#maskChanged}></next-token-mask>
          ${shown && html`<next-token-failure .failure=${shown}></next-token-failure>`}
        </section>
        <section class="idx" aria-label="Text">
          <next-token-tape
            .tokenizer=${tokenizer}
            .start=${start ?? ids}
            .generated=${steps.map((step) => step.ids[0]!)}
            .dropped=${last?.contextStart ?? Math.max(0, ids.length - this.contextSize)}
          ></next-token-tape>
          <next-token-status
            .status=${announcement(this.#session.state, name)}
            .pace=${pace(steps)}
            .adapter=${adapter}
          ></next-token-status>
          ${
            activity === "building"
              ? html`<next-token-progress .progress=${progress}></next-token-progress>`
              : nothing
          }
        </section>
        <section class="candidates" aria-label="Candidates of the last step">
          <next-token-candidates
            .tokenizer=${tokenizer}
            .candidates=${last?.top[0] ?? []}
            .chosen=${last?.ids[0]}
          ></next-token-candidates>
        </section>
      </div>
    `;
  }

  #settings() {
    const { model, mask, maxNewTokens, contextSize } = this;
    return { model, mask, maxNewTokens, contextSize };
  }

  /** Hands the properties on; also before a run, for whoever sets one and calls `generate()` in the same breath. */
  #takeProperties() {
    this.#session.setPrompt(this.prompt);
    this.#session.configure(this.#settings());
  }

  #loadTokenizer() {
    this.#session.prompt.load();
  }

  #promptChanged(event: CustomEvent<string>) {
    this.prompt = event.detail;
  }

  #countChanged(event: CustomEvent<number>) {
    this.maxNewTokens = event.detail;
  }

  #maskChanged(event: CustomEvent<Mask>) {
    this.mask = event.detail;
  }

  #tell(name: string, detail: unknown) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

define("next-token", NextToken);

declare global {
  interface HTMLElementTagNameMap {
    "next-token": NextToken;
  }
}
