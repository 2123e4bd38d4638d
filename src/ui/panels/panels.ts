import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { GPT_CONFIG_124M } from "../../config.ts";
import type { GPTModel, Inspection, StepProfile } from "../../index.ts";
import { base } from "../design/base.css.ts";
import "../switches/context-size.ts";
import { turnOf } from "../../lesson/iteration.ts";
import { appendedAt } from "../../lesson/playhead.ts";
import type { Session } from "../../lesson/session.ts";
import type { Settings } from "../../lesson/session-state.ts";
import { rowsAfter } from "../../lesson/text-so-far.ts";
import { define } from "../element/define.ts";
import type { RoomState } from "../element/panel-state.ts";
import "../switches/switches.ts";
import { fileNameIn } from "../../lesson/models/chosen-files.ts";
import { linkOf, settingsLine, traceTextOf } from "../../lesson/share/link.ts";
import { candidatesChart, chartStyles } from "../candidates/candidates-chart.ts";
import { liveValues } from "../loop-code/live-values.ts";
import type { Switched } from "../switches/switches.ts";

type RoomName = "switches" | "code" | "inside" | "machine" | "share";

/** What each room is made of. It comes when the room is first opened, except for what is small. */
const furniture: Record<RoomName, () => Promise<unknown>> = {
  switches: async () => {},
  code: () => import("../loop-code/loop-code.ts"),
  inside: () => import("../inside/inside-model.ts"),
  machine: () => import("../machine/machine-room.ts"),
  share: () => import("../share/share-bar.ts"),
};

/** Closing and opening it would not help: Chromium remembers an import that failed for as long as the page is open. */
const MISSING = "This room could not be loaded. Check the connection and reload the page.";

/** What a look gave, and what it was a look at. */
interface Found<Result> {
  result: Result;
  of: string;
}

/**
 * The rooms below the figure, closed at first: a closed room computes nothing. Fires `settings-change` with what is
 * different now, a part of `Settings`.
 */
export class Rooms extends LitElement {
  static override properties = {
    session: { attribute: false },
    revision: { attribute: false },
    settings: { attribute: false },
    row: { attribute: false },
    followsLinks: { attribute: false },
    open: { state: true },
    inspection: { state: true },
    profile: { state: true },
    looking: { state: true },
    missing: { state: true },
  };
  declare session: Session<GPTModel>;
  /** Another object whenever the session has changed. */
  declare revision: unknown;
  declare settings: Settings;
  /** The row of the batch that is shown. */
  declare row: number;
  /** Whether a link to the page leads to what it shows now. */
  declare followsLinks: boolean;
  /** Rooms that are open and furnished. */
  declare protected open: ReadonlySet<RoomName>;
  declare protected inspection: Found<Inspection> | undefined;
  declare protected profile: Found<StepProfile> | undefined;
  declare protected looking: "inside" | "machine" | undefined;
  /** Rooms whose code did not come. */
  declare protected missing: ReadonlySet<RoomName>;
  /** Counts looks. */
  #look = 0;

  constructor() {
    super();
    this.row = 0;
    this.followsLinks = false;
    this.open = new Set();
    this.missing = new Set();
  }

  static override styles = [
    base,
    chartStyles,
    css`
      details {
        min-inline-size: 0;
        border-block-start: 1px solid var(--nt-line);
      }

      summary {
        padding-block: var(--nt-space-2);
        font-size: var(--nt-text-s);
        font-weight: 600;
        cursor: pointer;
      }

      summary .note {
        margin-inline-start: var(--nt-space-2);
        font-weight: 400;
      }

      .open {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--nt-space-4);
        padding-block: var(--nt-space-1) var(--nt-space-3);
      }
    `,
  ];

  /** What was found in a model that is no longer the one that runs would be taken for this one's. */
  protected override willUpdate(changed: PropertyValues<this>) {
    const before = changed.get("settings");
    if (!before || (before.model === this.settings.model && before.mask === this.settings.mask)) return;
    this.inspection = undefined;
    this.profile = undefined;
  }

  protected override render() {
    return html`
      ${this.#room("switches", "Switches", this.#switched(), () => this.#switches())}
      ${this.#room("code", "The code", "the notebook's loop and ours, line by line", () => this.#code())}
      ${this.#room("inside", "Into the model", "attention, residual stream, logit lens", () => this.#inside())}
      ${this.#room("machine", "Into the GPU", "every dispatch of a step, and its shader", () => this.#machine())}
      ${this.#room("share", "Share and keep", `${this.followsLinks ? "link, " : ""}text, trace, picture, handout`, () => this.#share())}
    `;
  }

  #room(name: RoomName, title: string, about: string, content: () => TemplateResult) {
    return html`<details @toggle=${(event: Event) => this.#toggled(name, event.target as HTMLDetailsElement)}>
      <summary>${title} <span class="note">${about}</span></summary>
      ${this.missing.has(name) ? html`<p class="note" role="alert">${MISSING}</p>` : nothing}
      ${this.open.has(name) ? html`<div class="open">${content()}</div>` : nothing}
    </details>`;
  }

  #switches() {
    const { state, prompts } = this.session;
    const [row = []] = state.start ?? prompts.idx ?? [];
    const appended = appendedAt(state.at);
    const { kvCache, mask } = this.settings;
    return html`
      <next-token-switches
        .settings=${this.settings}
        @switch-change=${({ detail }: CustomEvent<Partial<Switched>>) => this.#set(detail)}
      ></next-token-switches>
      <next-token-context
        .size=${this.session.contextSize}
        .most=${this.#mostContext}
        .length=${row.length + appended}
        .kvCache=${kvCache && mask === "causal"}
        .step=${state.steps[appended - 1]}
        @context-change=${({ detail }: CustomEvent<number>) => this.#set({ contextSize: detail })}
      ></next-token-context>
    `;
  }

  #code() {
    const settings = { ...this.settings, contextSize: this.session.contextSize };
    const turn = turnOf(this.session.state, this.row, settings.contextSize);
    return html`<next-token-loop-code
      .station=${turn?.station}
      .isDrawn=${turn?.isDrawn ?? settings.sampling !== undefined}
      .values=${liveValues(turn, settings, this.#vocabulary)}
    ></next-token-loop-code>`;
  }

  #inside() {
    return html`<next-token-inside
      .inspection=${this.inspection?.result}
      .isOutdated=${this.#isOutdated("inside", this.inspection)}
      .tokenizer=${this.session.prompts.tokenizer}
      .state=${this.#stateOf("inside", this.inspection)}
      @inspect-wanted=${this.#inspect}
    ></next-token-inside>`;
  }

  #machine() {
    return html`<next-token-machine
      .profile=${this.profile?.result}
      .isOutdated=${this.#isOutdated("machine", this.profile)}
      .state=${this.#stateOf("machine", this.profile)}
      @profile-wanted=${this.#measure}
    ></next-token-machine>`;
  }

  #share() {
    const { state, prompts } = this.session;
    const { tokenizer } = prompts;
    const turn = turnOf(state, this.row, this.session.contextSize);
    const result = turn && turn.station >= 3 ? turn.result : undefined;
    const shown = state.steps.slice(0, appendedAt(state.at));
    const rows = state.start && rowsAfter(state.start, shown);
    return html`
      ${tokenizer && result ? candidatesChart(result.top, result.chosen.id, tokenizer) : nothing}
      <next-token-share
      .link=${this.followsLinks ? linkOf(location.href, this.settings, prompts, state.at) : undefined}
        .file=${fileNameIn(this.settings.model)}
      .text=${tokenizer && rows ? rows.map((row) => tokenizer.decode(row)).join("\n\n") : ""}
      .trace=${tokenizer && state.steps.length > 0 ? () => traceTextOf(this.session, this.settings, tokenizer) : undefined}
      .chart=${result && (() => this.renderRoot.querySelector<SVGSVGElement>(".picture"))}
    ></next-token-share>`;
  }

  /** Of a checkpoint it is known only once it is loaded. */
  get #mostContext(): number {
    return this.session.model?.config.context_length ?? GPT_CONFIG_124M.context_length;
  }

  get #vocabulary(): number {
    return this.session.model?.config.vocab_size ?? GPT_CONFIG_124M.vocab_size;
  }

  #switched(): string {
    return settingsLine({ ...this.settings, contextSize: this.session.contextSize });
  }

  #stateOf(room: "inside" | "machine", found: unknown): RoomState {
    if (this.looking === room) return "waiting";
    return found ? "ready" : "closed";
  }

  async #toggled(name: RoomName, details: HTMLDetailsElement) {
    const isMissing =
      details.open &&
      !(await furniture[name]().then(
        () => true,
        () => false,
      ));
    this.missing = new Set([...this.missing].filter((other) => other !== name).concat(isMissing ? name : []));
    if (isMissing) return;
    const open = new Set(this.open);
    if (details.open) open.add(name);
    else open.delete(name);
    this.open = open;
  }

  #inspect() {
    return this.#lookAt("inside", async (model, idx, signal) => {
      const { inspect } = await import("../../index.ts");
      const of = this.#subject("inside", idx);
      const result = await inspect(model, idx, { row: this.row, signal });
      if (!signal.aborted) this.inspection = { result, of };
      return "Looked inside: attention, residual stream and logit lens are shown.";
    });
  }

  #measure() {
    return this.#lookAt("machine", async (model, idx, signal) => {
      const { profileStep } = await import("../../index.ts");
      const of = this.#subject("machine", idx);
      const result = await profileStep(model, idx, { kvCache: this.settings.kvCache, signal });
      if (!signal.aborted) this.profile = { result, of };
      return "Measured: the dispatches of a step are shown.";
    });
  }

  /** The text as it stands: what the next forward pass reads, or the one at the playhead read, [B, T]. */
  #read(prompts: number[][]): number[][] {
    const { start = prompts, steps, at } = this.session.state;
    const shown = steps.slice(0, at?.step ?? 0);
    return rowsAfter(start, shown).map((row) => row.slice(-this.session.contextSize));
  }

  /** All that a look into the model, or into the GPU, depends on besides the model. */
  #subject(room: "inside" | "machine", idx: number[][]): string {
    return JSON.stringify(room === "inside" ? idx[this.row] : [this.settings.kvCache, idx]);
  }

  /** Whether the page shows another text or row by now. What was found took seconds: it stays, and says so. */
  #isOutdated(room: "inside" | "machine", found: Found<unknown> | undefined): boolean {
    return (
      found !== undefined && found.of !== this.#subject(room, this.#read(this.session.prompts.idx ?? []))
    );
  }

  async #lookAt(
    room: "inside" | "machine",
    work: (model: GPTModel, idx: number[][], signal: AbortSignal) => Promise<string>,
  ) {
    if (this.session.state.activity !== "idle") return;
    this.looking = room;
    const look = ++this.#look;
    await this.session.inspect(async (model, signal) => {
      const { idx } = await this.session.prompts.now();
      return work(model, this.#read(idx), signal);
    });
    if (look === this.#look) this.looking = undefined; // another may have begun since this one was given up
  }

  #set(detail: Partial<Settings>) {
    this.dispatchEvent(new CustomEvent("settings-change", { detail }));
  }
}

define("next-token-rooms", Rooms);
