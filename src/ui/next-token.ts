import { html, LitElement, nothing, type PropertyValues } from "lit";
import { property } from "lit/decorators.js";
import type { DeviceChoice, Mask } from "../config.ts";
import type { NextTokenError } from "../errors.ts";
import type { GPTModel } from "../index.ts";
import type { ControlName } from "../lesson/control-names.ts";
import { iterationAt } from "../lesson/iteration.ts";
import { Consent } from "../lesson/models/consent.ts";
import { smallStepOf } from "../lesson/models/model-source.ts";
import type { PanelName } from "../lesson/panel-names.ts";
import { millisecondsAt, type Pace } from "../lesson/playback-speed.ts";
import { appendedAt, isReached, type Playhead } from "../lesson/playhead.ts";
import type { Question } from "../lesson/predict/question.ts";
import { MOST_ROWS, type RaggedPrompts } from "../lesson/prompts/ragged-prompts.ts";
import { Session } from "../lesson/session.ts";
import type { SessionEvents, Settings } from "../lesson/session-state.ts";
import { defaultSettings, type Reveal } from "../lesson/settings.ts";
import { linkOf } from "../lesson/share/link.ts";
import { Training } from "../lesson/small-model/training.ts";
import { type AskActions, type AskView, ask } from "./ask.ts";
import type { CandidateTable } from "./candidates/candidate-table.ts";
import type { RunControls } from "./controls/run-controls.ts";
import { cover, coverStyles } from "./cover/cover.ts";
import { base } from "./design/base.css.ts";
import { tokens } from "./design/tokens.css.ts";
import { define } from "./element/define.ts";
import { Drawings } from "./element/drawings.ts";
import { keepFocus } from "./element/keep-focus.ts";
import { OwnKeys } from "./element/own-keys.ts";
import { keepProperties, presence, readProperty } from "./element/read-property.ts";
import { commandOf, shortcutOf } from "./element/shortcuts.ts";
import { missingSupport } from "./element/support.ts";
import { swallowsPage } from "./element/swallowed-page.ts";
import { about, candidates, handout, rowChoice, stations, tape, trainingStrip, type View } from "./figure.ts";
import { lowerPanels } from "./lower-panels.ts";
import { gptBackend } from "./models/gpt-backend.ts";
import { pageContext } from "./models/page-context.ts";
import { layout } from "./next-token.css.ts";
import { Asking } from "./predict/asking.ts";
import { handoutAlone } from "./share/print.css.ts";
import { fly } from "./tokens/fly.ts";
import type { TokenTape } from "./tokens/token-tape.ts";

/**
 * `<next-token prompt="Hello, I am" model="seed:123" max-new-tokens="10">`: a GPT that one can watch choose tokens.
 *   The
 * model is built at the first Play, Step or Token, or on `autoplay`. docs/embedding.md has tables of what is
 *   described
 * here, made by tools/embedding-tables.ts.
 *
 * @slot - shown until the script has loaded, and where nothing can compute a model: neither WebGPU nor WebAssembly
 * @slot poster - shown in place of `poster`, until somebody presses the button
 *
 * @fires progress - `{ phase, loaded, total, bytesPerSecond, secondsLeft, retryIn }` while the model is built, in
 *   bytes; rate and time once they are known; `retryIn` in milliseconds while a download waits to try again
 * @fires ready - the model answers
 * @fires before-token - `{ position, choices }` before each token is shown, see below; can be cancelled
 * @fires token - `{ id, text, row, position, probability }` for each token appended
 * @fires prediction - `{ row, position, guess, chosen, right, score }`: what came of a guess, see below
 * @fires done - `{ ids, text }`, the whole row, when a run is over; one for each row
 * @fires error - `{ code, message }`; codes are stable, messages are for people. It ends at the document: on the
 *   window, "error" is for scripts that failed, and monitors would count it
 *
 * @csspart frame - the box around everything
 * @csspart poster - what stands in the figure's place until somebody presses its button
 * @csspart prompt - where the prompts are typed
 * @csspart controls - the buttons, the pace and the number of new tokens
 * @csspart question - "What comes next?", with `predict`
 * @csspart status - what is happening
 * @csspart tokens - the text as tokens
 * @csspart steps - the seven steps
 * @csspart probabilities - the ten likeliest
 * @csspart model - the line that opens the menu of models
 * @csspart panels - the panels below the figure
 *
 * @cssproperty --next-token-accent - what was just decided: 4.5 : 1 with the background; `light-dark()` for both
 *   modes
 * @cssproperty --next-token-on-accent - text on the accent
 * @cssproperty --next-token-paper - the background: text has to be read on it, in both modes
 * @cssproperty --next-token-font - the font of sentences and buttons
 * @cssproperty --next-token-mono - the font of tokens and code
 * @cssproperty --next-token-radius - how round corners are
 * @cssproperty --next-token-gap - between the parts of the figure
 * @cssproperty --next-token-padding - between the frame and what is in it
 * @cssproperty --next-token-border - the frame's line, `0` or `2px solid`
 */
export class NextToken extends LitElement {
  /** Values of the properties that say what is shown. Those that say what runs are the session's own. */
  readonly #shown = new Map<string, unknown>();

  /** The text to begin with; an empty one starts from `<|endoftext|>`. */
  get prompt(): string {
    return this.prompts[0]!;
  }

  @property({ noAccessor: true })
  set prompt(text: string | null | undefined) {
    this.prompts = [text ?? "", ...this.prompts.slice(1)];
  }

  /** The prompts of a batch, one a row. */
  @readProperty({ attribute: false }) accessor prompts!: readonly string[];
  /** What to do with prompts of unequal length. */
  @readProperty({ attribute: false }) accessor raggedPrompts!: RaggedPrompts;
  /** Which model computes, see below. Nothing is loaded before the first Play, Step or Token. */
  @readProperty({}) accessor model!: string;
  /** How many tokens a run appends. */
  @readProperty({ attribute: "max-new-tokens" }) accessor maxNewTokens!: number;
  /** How many of the last tokens the model reads; at most all that it can. */
  @readProperty({ attribute: "context-size" }) accessor contextSize!: number;
  /** `causal`, or `none`: the notebook as printed. */
  @readProperty({ reflect: true }) accessor mask!: Mask;
  /** Who computes: `auto`, the GPU wherever there is one and else the processor; `gpu`, or nobody; `cpu`. */
  @readProperty({}) accessor device!: DeviceChoice;
  @readProperty({ attribute: false }) accessor kvCache!: boolean;
  /**
   * Heads of attention to take away, by layer and number from 0: `0.3 2.1`; what the model does not have is left
   * out.
   */
  @readProperty({}) accessor ablate!: Settings["ablate"];
  /** How to draw tokens; undefined for the greedy choice. */
  @readProperty({ attribute: false }) accessor sampling: Settings["sampling"];
  @readProperty({ attribute: false }) accessor stopAtEndOfText!: boolean;
  /**
   * How fast Play and `autoplay` go: `steady` and `slow` stay at each of the seven steps, `fast` goes from token to
   * token.
   */
  @readProperty({}) accessor pace!: Pace;
  /** Where the next Play leads, when a link asked for a certain station; undefined once it is reached. */
  @readProperty({ attribute: false }) accessor destination: Playhead | undefined;
  /** Whether the page sets the element up as its address says, so that a link to it is worth copying. */
  @property({ attribute: false }) accessor followsLinks = false;
  /** The row of the batch that the stations and the table show. */
  @readProperty({ state: true }) accessor row!: number;
  /** Begin at once; a model that is downloaded waits for a press all the same. */
  @readProperty({ reflect: true, converter: presence }) accessor autoplay!: boolean;
  /** Which panels are there, by name: `tokens code`; see below. */
  @readProperty({}) accessor panels!: readonly PanelName[];
  /** What can be pressed or filled in, by name: `play step`; see below. */
  @readProperty({}) accessor controls!: readonly ControlName[];
  /** Prompt, model, switches and heads are fixed: they are shown, and only the page itself changes them. */
  @readProperty({ reflect: true, converter: presence }) accessor locked!: boolean;
  /** Before each token the element asks which one it will be, see below. */
  @readProperty({ reflect: true, converter: presence }) accessor predict!: boolean;

  /**
   * When the element shows itself: `auto`, at once; `interaction`, when somebody presses its button. Nothing is
   * loaded before.
   */
  @readProperty({}) accessor reveal!: Reveal;
  /** The address of an image that is shown until somebody presses the button; with it, `reveal` is `interaction`. */
  @readProperty({}) accessor poster!: string;

  static override styles = [tokens, base, layout, coverStyles, handoutAlone];

  readonly #session: Session<GPTModel>;
  readonly #consent: Consent;
  readonly #keys: OwnKeys;
  readonly #drawings = new Drawings();
  readonly #training: Training<GPTModel>;
  readonly #asking = new Asking({
    emit: (name, detail) => this.#emit(name, detail),
    show: () => this.step(),
    next: () => void this.#token(),
  });
  /** Whether what stands between the tags is the rest of the page, which has to stay visible. */
  #swallows = false;
  #unsupported: NextTokenError | undefined;
  /** Whether somebody has wanted to see it. */
  #isWanted = false;
  #seen: IntersectionObserver | undefined;
  #appended = 0;

  constructor() {
    super();
    const changed = () => this.requestUpdate();
    const emit = (name: keyof SessionEvents, detail: unknown) => void this.#emit(name, detail);
    const mayShow = (question: Question) => this.#asking.mayShow(question, this.predict);
    this.#session = new Session(gptBackend, defaultSettings, emit, changed, mayShow);
    this.#consent = new Consent(pageContext, changed);
    this.#training = new Training(gptBackend, changed);
    keepProperties(this, {
      get: (name) => this.#valueOf(name),
      set: (name, value) => this.#setValue(name, value),
    });
    this.#keys = new OwnKeys(this, this.#pressed);
  }

  /**
   * Whether somebody types in it: pages whose key handlers come before everybody else's ask this of what has the focus,
   * and see this element, never the field in it.
   */
  override get isContentEditable(): boolean {
    return this.#keys.isTyping || super.isContentEditable;
  }

  /** The address of the page with all that it takes to show the same again, or to be led where the next Play leads. */
  get link(): string {
    return linkOf(
      location.href,
      this.#session.settings,
      this.#session.prompts,
      this.destination ?? this.#session.state.at,
    );
  }

  /**
   * Appends `maxNewTokens` tokens, or the rest of a run that was stopped. Settles when that is over; failures are
   * events.
   */
  generate(): Promise<void> {
    this.#session.hold.letGo();
    return this.#play("fast");
  }

  /** Appends one token, or the one that was held. */
  step(): Promise<void> {
    this.#session.hold.letGo();
    return this.#token();
  }

  /** Stops after the token under way. */
  pause(): void {
    this.#session.pause();
  }

  /** Takes the appended tokens away. The model stays. */
  reset(): void {
    this.destination = undefined;
    this.#session.reset();
  }

  override connectedCallback() {
    super.connectedCallback();
    this.#checkSupport();
    this.#seen = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) this.#loadTokenizer();
    });
    this.#seen.observe(this);
    if (this.ownerDocument.readyState !== "loading") this.#checkContent();
    else this.ownerDocument.addEventListener("DOMContentLoaded", () => this.#checkContent(), { once: true });
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#seen?.disconnect();
    this.#consent.answer(false);
    queueMicrotask(() => this.isConnected || this.#session.dispose()); // an element that only moves keeps its model
  }

  /** Where tokens come faster than they can be followed, the last of them is drawn. */
  protected override async scheduleUpdate() {
    if (this.#isFast) await this.#drawings.next();
    super.scheduleUpdate();
  }

  protected override update(changed: PropertyValues) {
    const buttons = () => this.renderRoot.querySelector<HTMLElement>("next-token-controls");
    keepFocus(this, () => super.update(changed), buttons);
  }

  protected override willUpdate() {
    const { destination } = this;
    if (destination && isReached(destination, this.#session.state.at)) this.destination = undefined;
    const step = smallStepOf(this.model);
    if (step !== undefined) this.#training.follow(this.#session, step);
  }

  protected override firstUpdated() {
    this.#autoplay();
  }

  protected override render() {
    const { locked } = this;
    const settings = { ...this.#session.settings, contextSize: this.#session.contextSize };
    const row = this.#shownRow;
    const iteration = iterationAt(this.#session.state, row, settings.contextSize);
    const seen = this.#seenTokens;
    const view = { session: this.#session, settings, row, iteration, seen, locked, isFast: this.#isFast };
    // Around box and frame stands no space, which a page may have set to be drawn as it is written.
    return html`<div class="box"><div class="frame" part="frame">
        ${this.#unsupported && !this.#swallows ? html`<slot></slot>` : nothing}
        ${this.#isCovered ? cover(this.poster, this.#opened) : this.#figure(view)}
      </div></div>${handout(view)}${this.#swallows ? html`<slot></slot>` : nothing}`;
  }

  #figure(view: View) {
    const { panels, followsLinks } = this;
    const has = (panel: PanelName) => panels.includes(panel);
    const rows = () => rowChoice(view, (row) => this.#set({ row }));
    const { controls, raggedPrompts, pace } = this;
    const asked: AskView = {
      ...view,
      controls,
      raggedPrompts,
      pace,
      leads: this.#leads(),
      question: this.predict ? this.#asking.panel(this.#session, view.row) : nothing,
      unsupported: this.#unsupported,
    };
    const [consent, training] = [this.#consent, this.#training];
    const lower = { ...view, controls, panels, consent, training, dropTarget: this, followsLinks };
    const canChoose = !this.locked && controls.includes("model");
    const walk = controls.includes("step") ? this.#actions.walk : undefined;
    return html`<div class=${this.#isFast ? "figure fast" : "figure"} lang="en" dir="ltr">
      <div class="lesson">
        ${has("about") ? about(view, canChoose, this.#chosen) : nothing}
        ${has("training") ? trainingStrip(view, training, this.#chosen, (head) => this.#showHead(head)) : nothing}
        <section class="ask" aria-label="Prompt and controls" @focusin=${this.#loadTokenizer}>
          ${ask(asked, this.#actions)}
        </section>
        ${has("tokens") ? html`<section class="idx" part="tokens" aria-label="Text">${tape(view)}</section>` : nothing}
        ${has("steps") ? html`<section class="loop" part="steps" aria-label="The loop">${rows()}${stations(view, walk)}</section>` : nothing}
        ${
          has("probabilities")
            ? html`<section class="candidates" part="probabilities" aria-label="Candidates of this iteration">
                ${has("steps") ? nothing : rows()}${candidates(view)}
              </section>`
            : nothing
        }
      </div>
      ${lowerPanels(lower, { choose: this.#chosen, set: (change) => this.#set(change) })}
    </div>`;
  }

  protected override async updated(_: PropertyValues) {
    const before = this.#appended;
    this.#appended = appendedAt(this.#session.state.at);
    if (this.#appended !== before + 1 || this.#isFast) return;
    const tape = this.renderRoot.querySelector<TokenTape>("next-token-tape");
    const table = this.renderRoot.querySelector<CandidateTable>("next-token-candidates");
    if (!tape || !table) return;
    await Promise.all([tape.updateComplete, table.updateComplete]);
    const [from, to] = [table.chosenChip, tape.chosenChip(this.#shownRow)];
    if (from && to) fly(from, to);
  }

  /** Whether a poster stands in the figure's place. */
  get #isCovered(): boolean {
    return !this.#isWanted && !this.#unsupported && (this.reveal === "interaction" || this.poster !== "");
  }

  #opened = async () => {
    this.#uncover();
    await this.updateComplete;
    const controls = this.renderRoot.querySelector<RunControls>("next-token-controls");
    await controls?.updateComplete;
    controls?.focus(); // its button is gone
  };

  #uncover() {
    if (!this.#isCovered) return;
    this.#isWanted = true;
    this.requestUpdate();
    this.#loadTokenizer();
    this.#autoplay();
  }

  /** A batch may have fewer rows by now than when `row` was set. */
  get #shownRow(): number {
    return Math.min(this.row, this.prompts.length - 1);
  }

  /** The tokens that the small model has seen, while it is the one that was chosen. */
  get #seenTokens(): ReadonlySet<number> | undefined {
    return smallStepOf(this.model) === undefined ? undefined : this.#training.recorded?.seenTokens;
  }

  /** Whether tokens come as fast as they can: nobody could follow a chip, or a bar. */
  get #isFast(): boolean {
    const { activity, pace } = this.#session.state;
    return activity === "generating" && pace === 0;
  }

  readonly #actions: AskActions = {
    type: (prompts) => this.#typed(prompts),
    setRaggedPrompts: (raggedPrompts) => this.#set({ raggedPrompts }),
    play: () => void this.#play(this.pace),
    playUnmasked: () => {
      this.#set({ mask: "none", destination: undefined });
      void this.#play(this.pace);
    },
    pause: () => this.pause(),
    back: () => this.#session.back(),
    walk: () => void this.#walk(),
    token: () => void this.#token(),
    reset: () => this.reset(),
    setCount: (maxNewTokens) => this.#set({ maxNewTokens }),
    setPace: (pace) => this.#set({ pace }),
    setDevice: (device) => this.#set({ device }),
  };

  /** Where the next Play leads. */
  #leads(): string | undefined {
    const { destination } = this;
    return (
      destination &&
      `The link leads to iteration ${destination.step + 1}, step ${destination.station}: Play goes there.`
    );
  }

  #valueOf(name: string): unknown {
    if (name in this.#session.settings) return Reflect.get(this.#session.settings, name);
    if (name === "prompts") return this.#session.prompts.texts;
    if (name === "raggedPrompts") return this.#session.prompts.raggedPrompts;
    return this.#shown.get(name);
  }

  #setValue(name: string, value: unknown) {
    const session = this.#session;
    if (name === "predict" && value !== this.predict) {
      session.ask(value === true);
      this.#asking.begin();
    }
    if (name in session.settings) session.configure({ [name]: value });
    else if (name === "prompts") session.setPrompts(value as readonly string[], this.raggedPrompts);
    else if (name === "raggedPrompts") session.setPrompts(this.prompts, value as RaggedPrompts);
    else this.#shown.set(name, value);
    if (name === "device" && this.isConnected) this.#checkSupport();
  }

  /** Takes what somebody typed, which no link was about. */
  #typed(prompts: string[]) {
    this.#set({ prompts: prompts.slice(0, MOST_ROWS), destination: undefined });
  }

  async #play(pace: Pace) {
    if (!(await this.#isReady())) return;
    const to = this.destination;
    this.destination = undefined;
    await (to ? this.#session.goTo(to) : this.#session.play(millisecondsAt(pace)));
  }

  /**
   * Another model or prompt, or other heads, at a press. The small model is there at once: a text is written anew with it, from
   * the prompt on, or what would come next is shown.
   */
  #chosen = ({ model, prompts, ablate }: Partial<Pick<NextToken, "model" | "prompts" | "ablate">>): void => {
    const hasText = appendedAt(this.#session.state.at) > 0;
    if (model !== undefined) this.model = model;
    if (prompts) this.prompts = prompts;
    if (ablate) {
      this.ablate = ablate;
      this.#session.reset();
    }
    this.destination = undefined;
    if (smallStepOf(this.model) === undefined || this.#unsupported) return;
    void (hasText ? this.#play("fast") : this.#session.load());
  };

  async #showHead(head: { layer: number; head: number }) {
    await this.renderRoot.querySelector("next-token-panels")?.showHead(head);
  }

  async #token() {
    if (!(await this.#isReady())) return;
    await this.#session.token();
  }

  async #walk() {
    if (!(await this.#isReady())) return;
    await this.#session.walk();
  }

  /** Whether there may be a model: a foreign host is asked for nothing before somebody agreed to it. */
  async #isReady(): Promise<boolean> {
    if (this.#unsupported) return false;
    if (this.isConnected && !this.hasUpdated) await this.updateComplete; // properties set before the script came
    this.#uncover(); // the page's own script may be who wants it
    try {
      return await this.#consent.request(this.model);
    } catch (cause) {
      this.#session.fail(cause);
      return false;
    }
  }

  #pressed = (event: KeyboardEvent) => {
    const [command, held] = [shortcutOf(event), commandOf(event)];
    if (!held || !this.controls.includes(held)) return;
    event.preventDefault();
    const { play, pause, walk, back, token, reset } = this.#actions;
    const isIdle = this.#session.state.activity === "idle";
    if (command) ({ play: isIdle ? play : pause, step: walk, back, token, reset })[command]();
  };

  #checkSupport() {
    this.#unsupported = missingSupport(this.device);
    if (!this.#unsupported) return;
    const { code, message } = this.#unsupported;
    this.#emit("error", { code, message });
  }

  /** A download waits for somebody's press all the same. */
  #autoplay() {
    if (this.autoplay && !this.#isCovered && this.model.startsWith("seed:")) void this.#play(this.pace);
  }

  #loadTokenizer() {
    if (!this.#isCovered) void this.#session.prompts.load();
  }

  #set(change: Partial<NextToken>) {
    Object.assign(this, change);
  }

  /** Notes, once, whether the page forgot the end tag. */
  #checkContent() {
    if (this.#swallows || !swallowsPage(this)) return;
    this.#swallows = true;
    this.requestUpdate();
    console.warn(
      "<next-token /> has no end in HTML: what follows became its content, and is shown below it. Write <next-token></next-token>.",
    );
  }

  /** @returns whether nobody prevented its default */
  #emit(name: string, detail: unknown): boolean {
    const cancelable = name === "before-token";
    const event = new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable });
    // On the window, "error" is for scripts that failed: monitors would count ours as one.
    const end = (arrived: Event) => arrived === event && event.stopPropagation();
    if (name === "error") this.ownerDocument.addEventListener(name, end);
    const goesOn = this.dispatchEvent(event);
    this.ownerDocument.removeEventListener(name, end);
    return goesOn;
  }
}

define("next-token", NextToken);

declare global {
  interface HTMLElementTagNameMap {
    "next-token": NextToken;
  }
}
