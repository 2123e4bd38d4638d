import { html, nothing, type TemplateResult } from "lit";
import type { DeviceChoice } from "../config.ts";
import type { NextTokenError } from "../errors.ts";
import { announcement } from "../lesson/announcement.ts";
import type { ControlName } from "../lesson/control-names.ts";
import { differsByMask } from "../lesson/notebook/differs-by-mask.ts";
import type { Pace } from "../lesson/playback-speed.ts";
import { appendedAt } from "../lesson/playhead.ts";
import { promptNotes } from "../lesson/prompts/prompt-notes.ts";
import type { RaggedPrompts } from "../lesson/prompts/ragged-prompts.ts";
import { unseenNotes } from "../lesson/small-model/unseen.ts";
import { readingOr, throughput } from "../lesson/throughput.ts";
import { whoComputes } from "../lesson/who-computes.ts";
import "./controls/run-controls.ts";
import "./controls/run-settings.ts";
import { readerOf } from "./design/token-chip.ts";
import type { View } from "./figure.ts";
import "./prompt/prompt-rows.ts";
import "./status/failure-notice.ts";
import "./status/load-progress.ts";
import { deviceNote, maskNote } from "./status/notes.ts";
import "./status/status-line.ts";

/** What can be asked of the element, and what stands beside it. */
export interface AskView extends View {
  /** The controls that are there. */
  controls: readonly ControlName[];
  /** Whether the page around the element has fixed prompt and switches. */
  locked: boolean;
  raggedPrompts: RaggedPrompts;
  pace: Pace;
  /** Where the next Play leads, in a sentence. */
  leads: string | undefined;
  /** What is asked of whoever watches, before each token. */
  question: TemplateResult | typeof nothing;
  /** Why nothing can compute a model here. */
  unsupported: NextTokenError | undefined;
}

/** What the element does when somebody presses or fills in something. */
export interface AskActions {
  type(prompts: string[]): void;
  setRaggedPrompts(raggedPrompts: RaggedPrompts): void;
  play(): void;
  playUnmasked(): void;
  pause(): void;
  back(): void;
  walk(): void;
  token(): void;
  reset(): void;
  setCount(maxNewTokens: number): void;
  setPace(pace: Pace): void;
  setDevice(device: DeviceChoice): void;
}

/** The prompt and what runs it, what went wrong, and what is happening. */
export function ask(view: AskView, actions: AskActions): TemplateResult {
  const { session, controls, question, unsupported } = view;
  const { failure } = session.state;
  const isRefusal = failure?.code === session.prompts.failure?.code; // which stands beside the prompt
  const isThere = controls.includes("prompt");
  const shown = unsupported ?? (isRefusal && isThere ? undefined : failure);
  return html`${isThere ? prompts(view, actions) : nothing}${run(view, actions)}${question}
    ${shown && html`<next-token-failure .failure=${shown}></next-token-failure>`}
    ${state(view, actions)}`;
}

function prompts({ session, seen, raggedPrompts, controls, locked }: AskView, actions: AskActions) {
  const { tokenizer } = session.prompts;
  return html`<next-token-prompts
    part="prompt"
    .rows=${session.prompts.rows.map(({ text, ids, failure, progress }) => ({
      text,
      notes: [
        ...promptNotes(text, ids ?? [], session.contextSize, progress),
        ...unseenNotes(ids ?? [], seen, tokenizer),
      ],
      refusal: failure?.message,
      tokens: ids?.length,
    }))}
    .raggedPrompts=${raggedPrompts}
    .locked=${locked}
    .failure=${session.prompts.failure}
    @prompts-change=${({ detail }: CustomEvent<string[]>) => actions.type(detail)}
    @ragged-prompts-change=${({ detail }: CustomEvent<RaggedPrompts>) => actions.setRaggedPrompts(detail)}
    @prompt-go=${() => controls.includes("play") && actions.play()}
  ></next-token-prompts>`;
}

function run({ session, settings, controls, pace, unsupported }: AskView, actions: AskActions) {
  const { activity, at, target } = session.state;
  const isThere = (...names: readonly ControlName[]) => names.some((name) => controls.includes(name));
  return html`<div class="run" part="controls">
    <next-token-controls
      ?hidden=${!isThere("play", "back", "step", "token", "reset")}
      .shown=${controls}
      .activity=${activity}
      .made=${appendedAt(at)}
      .target=${target}
      .count=${settings.maxNewTokens}
      .canRun=${!unsupported && !session.prompts.failure}
      .canGoBack=${at !== undefined}
      @run-play=${actions.play}
      @run-pause=${actions.pause}
      @run-back=${actions.back}
      @run-step=${actions.walk}
      @run-token=${actions.token}
      @run-reset=${actions.reset}
    ></next-token-controls>
    <next-token-run-settings
      ?hidden=${!isThere("pace", "new-tokens")}
      .shown=${controls}
      .count=${settings.maxNewTokens}
      .pace=${pace}
      @run-count=${({ detail }: CustomEvent<number>) => actions.setCount(detail)}
      @run-pace=${({ detail }: CustomEvent<Pace>) => actions.setPace(detail)}
    ></next-token-run-settings>
  </div>`;
}

function state({ session, settings, controls, locked, leads }: AskView, actions: AskActions) {
  const { activity, at, steps, notice, progress, computing, reading, processorSpeedup } = session.state;
  const { tokenizer, texts } = session.prompts;
  const isBuilding = activity === "building";
  const offersMask = !locked && controls.includes("play");
  const isMasked = () => differsByMask(session.settings, texts, steps.slice(0, appendedAt(at)));
  return html`<div class="state" part="status" role="region" aria-label="What is happening" tabindex="0">
    <next-token-status
      .status=${announcement(session.state, session.contextSize, tokenizer && readerOf(tokenizer))}
      .notice=${leads ?? notice}
      .throughput=${isBuilding ? "" : readingOr(reading, throughput(steps))}
      .computing=${computing && !isBuilding ? whoComputes(computing) : ""}
      >${offersMask && isMasked() ? maskNote(actions.playUnmasked) : nothing}${
        locked ? nothing : deviceNote(settings.device, processorSpeedup, actions.setDevice)
      }</next-token-status>
    ${
      isBuilding
        ? html`<next-token-load-progress .progress=${progress} @load-cancel=${actions.pause}></next-token-load-progress>`
        : nothing
    }
  </div>`;
}
