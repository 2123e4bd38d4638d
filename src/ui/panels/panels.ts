import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import type { HeadOfLayer } from "../../config.ts";
import type { GPTModel, Inspection, StepProfile } from "../../index.ts";
import { base } from "../design/base.css.ts";
import "../switches/context-size.ts";
import { bugReport } from "../../lesson/bug-report.ts";
import { type Iteration, iterationAt, samplingOf } from "../../lesson/iteration.ts";
import { type PanelName, panelNames } from "../../lesson/panel-names.ts";
import { appendedAt } from "../../lesson/playhead.ts";
import { isNextHidden } from "../../lesson/predict/asked.ts";
import type { Companion } from "../../lesson/preview/preview-loader.ts";
import type { Session } from "../../lesson/session.ts";
import type { Settings } from "../../lesson/session-state.ts";
import { rowsAfter } from "../../lesson/text-so-far.ts";
import { define } from "../element/define.ts";
import type { PanelState } from "../element/panel-state.ts";
import "../switches/switches.ts";
import { asLinked, fileNameIn } from "../../lesson/models/chosen-files.ts";
import { isUntrained } from "../../lesson/models/model-config.ts";
import { smallStepOf } from "../../lesson/models/model-source.ts";
import { linkOf, settingsLine, traceTextOf } from "../../lesson/share/link.ts";
import type { Training } from "../../lesson/small-model/training.ts";
import { candidatesChart, chartStyles } from "../candidates/candidates-chart.ts";
import { liveValues } from "../loop-code/live-values.ts";
import type { Switched } from "../switches/switches.ts";
import { type LowerPanel, panelLoaders } from "./panel-loaders.ts";
import { panelStyles } from "./panels.css.ts";

/** The notebook's example of cropping: eight ids, of which the model reads the last six. */
const croppingExample = { prompts: ["Every effort moves you, every day holds"], contextSize: 6 };

/** Closing and opening it would not help: Chromium remembers an import that failed for as long as the page is open. */
const MISSING = "This panel could not be loaded. Check the connection and reload the page.";

/** The result of an inspection or a measurement, and the input that it is of. */
interface InspectionOf<Result> {
  result: Result;
  input: string;
}

/**
 * The panels below the figure, closed at first: a closed panel computes nothing. Fires `settings-change` with what is
 * different now, a part of `Settings` or the prompts.
 */
export class Panels extends LitElement {
  @property({ attribute: false }) accessor session!: Session<GPTModel>;
  /** Another object whenever the session has changed, and another number whenever its prompts' ids have. */
  @property({ attribute: false }) accessor revision: unknown;
  @property({ attribute: false }) accessor promptRevision = 0;
  @property({ attribute: false }) accessor settings!: Settings;
  /** What is known of the small model's training. */
  @property({ attribute: false }) accessor training!: Training<GPTModel>;
  @property({ attribute: false }) accessor trainingRevision = 0;
  /** Those that are there; of the others too the names may be in it. */
  @property({ attribute: false }) accessor shown: readonly PanelName[] = panelNames;
  /** Whether the page around the element has fixed model and switches. */
  @property({ attribute: false }) accessor locked = false;
  /** The row of the batch that is shown. */
  @property({ attribute: false }) accessor row = 0;
  /** Whether a link to the page leads to what it shows now. */
  @property({ attribute: false }) accessor followsLinks = false;
  /** Panels that are open and loaded. */
  @state() protected accessor open: ReadonlySet<LowerPanel> = new Set();
  @state() protected accessor inspection: InspectionOf<Inspection> | undefined;
  @state() protected accessor profile: InspectionOf<StepProfile> | undefined;
  @state() protected accessor inspecting: "attention" | "kernels" | undefined;
  /** Panels whose code could not be loaded. */
  @state() protected accessor missing: ReadonlySet<LowerPanel> = new Set();
  /** Whether what was looked at inside follows what is typed, where the model is fast enough for a preview. */
  @state() protected accessor follows = false;
  /** What follows the previews, and of which row. */
  #companion: { row: number; inspect: Companion<GPTModel> } | undefined;
  /** How many inspections and measurements there were. */
  #inspections = 0;

  static override styles = [base, chartStyles, panelStyles];

  /** Results of another model would be read as results of this one, so they are cleared. */
  protected override willUpdate(changed: PropertyValues<this>) {
    const before = changed.get("settings");
    if (!before || (before.model === this.settings.model && before.mask === this.settings.mask)) return;
    this.inspection = undefined;
    this.profile = undefined;
    this.follows = false;
  }

  protected override updated() {
    const row = this.follows && this.open.has("attention") ? this.row : undefined;
    if (row === this.#companion?.row) return;
    this.#companion = row === undefined ? undefined : { row, inspect: this.#inspectPreviewed(row) };
    this.session.accompanyPreview(this.#companion?.inspect);
  }

  protected override render() {
    const step = smallStepOf(this.settings.model);
    return html`
      ${step === undefined ? nothing : this.#panel("training", "Training", "the loss and the text after every number of steps", () => this.#unlessAsked(() => this.#training(step)))}
      ${this.#panel("logits", "The logits", "the matrix of an iteration, as PyTorch prints it", () => this.#logits())}
      ${this.#panel("switches", "Switches", this.#switched(), () => this.#switches())}
      ${this.#panel("code", "The code", "the notebook's loop and ours, line by line", () => this.#code())}
      ${this.#panel("attention", "Into the model", "attention, residual stream, logit lens", () => this.#unlessAsked(() => this.#inside()))}
      ${this.#panel("kernels", this.#onProcessor ? "Into the processor" : "Into the GPU", this.#onProcessor ? "every dispatch of an iteration, and what computes it" : "every dispatch of an iteration, and its shader", () => this.#machine())}
      ${this.#panel("share", "Share and keep", `${this.followsLinks ? "link, " : ""}text, trace, picture, handout`, () => this.#share())}
    `;
  }

  /** Opens the panel of what is inside the model, at a head. */
  async showHead(head: { layer: number; head: number }): Promise<void> {
    const details = this.renderRoot.querySelector<HTMLDetailsElement>("details.attention");
    if (!details) return;
    details.open = true;
    await this.#toggled("attention", details);
    await this.updateComplete;
    this.renderRoot.querySelector("next-token-inside")?.showHead(head);
  }

  /** What would tell the next token while it is to be guessed. */
  #unlessAsked(content: () => TemplateResult) {
    return isNextHidden(this.session.state)
      ? html`<p class="note">Here one could read what comes next. It opens again when that was guessed.</p>`
      : content();
  }

  #panel(name: LowerPanel, title: string, about: string, content: () => TemplateResult) {
    if (!this.shown.includes(name)) return nothing;
    return html`<details class=${name} @toggle=${(event: Event) => this.#toggled(name, event.target as HTMLDetailsElement)}>
      <summary>${title} <span class="note">${about}</span></summary>
      ${this.missing.has(name) ? html`<p class="note" role="alert">${MISSING}</p>` : nothing}
      ${this.open.has(name) ? html`<div class="open">${content()}</div>` : nothing}
    </details>`;
  }

  #training(step: number) {
    const { tokenizer, texts } = this.session.prompts;
    const { ids, computing } = this.training.texts;
    return html`<next-token-training
      .locked=${this.locked}
      .step=${step}
      .prompt=${texts[this.row]!}
      .computing=${computing}
      .textAt=${(at: number) => (tokenizer && ids.has(at) ? tokenizer.decode(ids.get(at)![this.row]!) : undefined)}
      @step-choose=${({ detail }: CustomEvent<number>) => this.#fire("step-choose", detail)}
      @texts-wanted=${() => this.#fire("texts-wanted")}
      @texts-cancel=${() => this.training.texts.cancel()}
    ></next-token-training>`;
  }

  #logits() {
    const { state, prompts, contextSize } = this.session;
    const iterations = (state.start ?? []).flatMap((_, row) => iterationAt(state, row, contextSize) ?? []);
    return html`<next-token-logit-matrix
      .tokenizer=${prompts.tokenizer}
      .matrix=${state.matrix}
      .iterations=${iterations}
    ></next-token-logit-matrix>`;
  }

  #switches() {
    const { state, prompts, config } = this.session;
    const [row = []] = state.start ?? prompts.idx ?? [];
    const appended = appendedAt(state.at);
    const { kvCache, mask } = this.settings;
    return html`
      ${this.locked ? html`<p class="note">This page has fixed the switches: they show what it has set.</p>` : nothing}
      <next-token-switches
        .locked=${this.locked}
        .settings=${this.settings}
        .vocab_size=${config.vocab_size}
        @switch-change=${({ detail }: CustomEvent<Partial<Switched>>) => this.#set(detail)}
      ></next-token-switches>
      <next-token-context
        .locked=${this.locked}
        .size=${this.session.contextSize}
        .most=${config.context_length}
        .length=${row.length + appended}
        .kvCache=${kvCache && mask === "causal"}
        .step=${state.steps[appended - 1]}
        @context-example=${() => this.#set(croppingExample)}
        @context-change=${({ detail }: CustomEvent<number>) => this.#set({ contextSize: detail })}
      ></next-token-context>
    `;
  }

  #code() {
    const settings = { ...this.settings, contextSize: this.session.contextSize };
    const iteration = iterationAt(this.session.state, this.row, settings.contextSize);
    return html`<next-token-loop-code
      .station=${iteration?.station}
      .notebook=${this.followsLinks ? "#notebook/generated" : undefined}
      .sampling=${samplingOf(iteration, settings)}
      .values=${liveValues(iteration, { ...settings, sampling: samplingOf(iteration, settings) }, this.session.config.vocab_size)}
    ></next-token-loop-code>`;
  }

  #inside() {
    return html`<next-token-inside
      .inspection=${this.inspection?.result}
      .isOutdated=${!this.#isFollowing && this.#isOutdated("attention", this.inspection)}
      .tokenizer=${this.session.prompts.tokenizer}
      .state=${this.#stateOf("attention", this.inspection)}
      .config=${this.session.config}
      .input=${this.#inputShape}
      .ablate=${this.settings.ablate}
      .locked=${this.locked}
      .isRandom=${isUntrained(this.settings.model)}
      @inspect-wanted=${this.#inspect}
      @ablate-change=${({ detail }: CustomEvent<readonly HeadOfLayer[]>) => this.#set({ ablate: detail })}
      @module-chosen=${this.#showModule}
    ></next-token-inside>
    <next-token-shader-dialog></next-token-shader-dialog>`;
  }

  /** Of what the next forward pass reads, or the one at the playhead read, [B, T]. */
  get #inputShape(): [B: number, T: number] {
    const rows = this.#read(this.session.prompts.idx ?? []);
    return [rows.length || 1, rows[0]?.length ?? 0];
  }

  async #showModule({ detail }: CustomEvent<{ name: string; file: string; shader: string }>) {
    try {
      await import("../machine/shader-dialog.ts");
    } catch {
      this.missing = new Set([...this.missing, "attention"]);
      return;
    }
    await this.renderRoot.querySelector("next-token-shader-dialog")?.showModule(detail);
  }

  #machine() {
    return html`<next-token-machine
      .profile=${this.profile?.result}
      .isOutdated=${this.#isOutdated("kernels", this.profile)}
      .state=${this.#stateOf("kernels", this.profile)}
      .kernels=${this.session.model?.kernels}
      .onProcessor=${this.#onProcessor}
      @profile-wanted=${this.#measure}
      @choice-wanted=${this.#choose}
    ></next-token-machine>
    <next-token-bug-report
      .text=${bugReport(navigator.userAgent, this.session.state, { ...this.settings, contextSize: this.session.contextSize }, this.session.model?.kernels)}
    ></next-token-bug-report>`;
  }

  get #onProcessor(): boolean {
    return this.session.state.computing?.adapter.kind === "cpu";
  }

  #share() {
    const { state, prompts } = this.session;
    const { tokenizer } = prompts;
    const iteration = iterationAt(state, this.row, this.session.contextSize);
    const result = iteration && iteration.station >= 3 ? iteration.result : undefined;
    const shown = state.steps.slice(0, appendedAt(state.at));
    const rows = state.start && rowsAfter(state.start, shown);
    return html`
      ${tokenizer && result ? candidatesChart(result, this.#about(iteration!), tokenizer) : nothing}
      <next-token-share
      .link=${this.followsLinks ? linkOf(location.href, this.settings, prompts, state.at) : undefined}
        .file=${fileNameIn(this.settings.model)}
      .text=${tokenizer && rows ? rows.map((row) => tokenizer.decode(row)).join("\n\n") : ""}
      .trace=${tokenizer && state.steps.length > 0 ? () => traceTextOf(this.session, this.settings, tokenizer) : undefined}
      .chart=${result && (() => this.renderRoot.querySelector<SVGSVGElement>(".picture"))}
    ></next-token-share>`;
  }

  /** What a picture that is kept is of. */
  #about({ step }: Iteration): string {
    const prompt = JSON.stringify(this.session.prompts.texts[this.row]);
    return `${asLinked(this.settings.model)} · iteration ${step + 1} · ${prompt}`;
  }

  #switched(): string {
    return settingsLine({
      ...this.settings,
      contextSize: this.session.contextSize,
      ablate: this.session.ablate,
    });
  }

  #stateOf(panel: "attention" | "kernels", result: unknown): PanelState {
    if (this.inspecting === panel) return "waiting";
    return result ? "ready" : "closed";
  }

  async #toggled(name: LowerPanel, details: HTMLDetailsElement) {
    const isMissing =
      details.open &&
      !(await panelLoaders[name]().then(
        () => true,
        () => false,
      ));
    this.missing = new Set([...this.missing].filter((other) => other !== name).concat(isMissing ? name : []));
    if (isMissing) return;
    const open = new Set(this.open);
    if (details.open) open.add(name);
    else open.delete(name);
    this.open = open;
    if (name === "logits") this.session.look(details.open);
  }

  #inspect() {
    return this.#runInspection("attention", async (model, idx, signal) => {
      const { inspect } = await import("../../index.ts");
      const input = this.#inputOf("attention", idx);
      const result = await inspect(model, idx, { row: this.row, ablate: this.session.ablate, signal });
      if (!signal.aborted) Object.assign(this, { inspection: { result, input }, follows: true });
      return "Looked inside: attention, residual stream and logit lens are shown.";
    });
  }

  /** Looks inside again for each text whose preview is shown, without the buttons taking notice. */
  #inspectPreviewed(row: number): Companion<GPTModel> {
    return async (model, prompts, signal) => {
      const isWanted = () => !signal.aborted && this.row === row;
      if (!isWanted()) return;
      const idx = this.#read(prompts);
      const input = this.#inputOf("attention", idx);
      if (input === this.inspection?.input) return;
      const { inspect } = await import("../../index.ts");
      try {
        const result = await inspect(model, idx, { row, ablate: this.session.ablate, signal });
        if (isWanted()) this.inspection = { result, input };
      } catch {
        if (isWanted()) this.follows = false; // what is shown then says that it is older
      }
    };
  }

  /** Whether what is shown inside is about to be that of the text as it stands. */
  get #isFollowing(): boolean {
    return this.follows && this.session.state.preview !== undefined;
  }

  #measure() {
    return this.#runInspection("kernels", async (model, idx, signal) => {
      await this.#profile(model, idx, signal);
      return "Measured: the dispatches of an iteration are shown.";
    });
  }

  /** What was measured was measured with the kernels before. */
  #choose() {
    return this.#runInspection("kernels", async (model, idx, signal) => {
      await model.chooseKernels();
      await this.#profile(model, idx, signal);
      return "Chosen and measured: the kernels that are the fastest on this GPU, and an iteration with them.";
    });
  }

  async #profile(model: GPTModel, idx: number[][], signal: AbortSignal) {
    const { profileStep } = await import("../../index.ts");
    const input = this.#inputOf("kernels", idx);
    const result = await profileStep(model, idx, {
      kvCache: this.settings.kvCache,
      ablate: this.session.ablate,
      signal,
    });
    if (!signal.aborted) this.profile = { result, input };
  }

  /** The text as it stands: what the next forward pass reads, or the one at the playhead read, [B, T]. */
  #read(prompts: number[][]): number[][] {
    const { start = prompts, steps, at } = this.session.state;
    const shown = steps.slice(0, at?.step ?? 0);
    return rowsAfter(start, shown).map((row) => row.slice(-this.session.contextSize));
  }

  /** Everything besides the model that an inspection, or a measurement, depends on. */
  #inputOf(panel: "attention" | "kernels", idx: number[][]): string {
    const { ablate } = this.session;
    return JSON.stringify([ablate, panel === "attention" ? idx[this.row] : [this.settings.kvCache, idx]]);
  }

  /** Whether the page shows another text or row by now. A result that took seconds stays, and says that it is older. */
  #isOutdated(panel: "attention" | "kernels", inspection: InspectionOf<unknown> | undefined): boolean {
    return (
      inspection !== undefined &&
      inspection.input !== this.#inputOf(panel, this.#read(this.session.prompts.idx ?? []))
    );
  }

  async #runInspection(
    panel: "attention" | "kernels",
    work: (model: GPTModel, idx: number[][], signal: AbortSignal) => Promise<string>,
  ) {
    if (this.session.state.activity !== "idle") return;
    this.inspecting = panel;
    const number = ++this.#inspections;
    await this.session.inspect(async (model, signal) => {
      const { idx } = await this.session.prompts.now();
      return work(model, this.#read(idx), signal);
    });
    if (number === this.#inspections) this.inspecting = undefined; // another may have begun since this one was cancelled
  }

  #set(detail: Partial<Settings> & { prompts?: string[] }) {
    this.#fire("settings-change", detail);
  }

  #fire(name: string, detail?: unknown) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

define("next-token-panels", Panels);

declare global {
  interface HTMLElementTagNameMap {
    "next-token-panels": Panels;
  }
}
