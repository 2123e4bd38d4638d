import { html, LitElement, svg } from "lit";
import { property, state } from "lit/decorators.js";
import type { ProfiledDispatch, StepProfile, TunedKernels } from "../../index.ts";
import { formatBytes, formatCount } from "../../lesson/format.ts";
import { base } from "../design/base.css.ts";
import { define } from "../element/define.ts";
import type { PanelState } from "../element/panel-state.ts";
import { byBlock, byKernel, bytesOf, type DispatchGroup, inAll, rateOf } from "./profile-summary.ts";
import "./shader-dialog.ts";
import { machineStyles } from "./machine-panel.css.ts";
import { formatGB, formatMicroseconds, formatShare } from "./units.ts";

/** What a row of the table adds up. */
type Amount = Pick<DispatchGroup, "bytes" | "microseconds">;

/**
 * What the GPU, or the processor in its place, does for one token: every dispatch, its bytes and its time; a click opens the shader that ran. Computes
 * nothing itself: fires `profile-wanted`, and shows the `profile` that it is given; fires `choice-wanted`, and shows `kernels`.
 */
export class MachinePanel extends LitElement {
  @property({ attribute: false }) accessor profile: StepProfile | undefined;
  /** The kernels that were the fastest on this GPU; undefined before a model is loaded. */
  @property({ attribute: false }) accessor kernels: TunedKernels | undefined;
  /** Whether the processor computes: it has one kernel for all variants. */
  @property({ attribute: false }) accessor onProcessor = false;
  @property({ attribute: false }) accessor state: PanelState = "closed";
  /** Whether the page shows something else than was measured. */
  @property({ attribute: false }) accessor isOutdated = false;
  /** Names of the groups that show their dispatches. */
  @state() accessor open: readonly string[] = [];

  static override styles = [base, machineStyles];

  override render() {
    const waiting = this.state === "waiting";
    return html`
      <div class="opening">
        <button type="button" aria-disabled=${waiting} @click=${this.#ask}>
          ${waiting ? "Measuring …" : this.state === "ready" ? "Measure again" : "Measure an iteration"}
        </button>
        ${this.isOutdated && this.state === "ready" ? outdated : about(this.onProcessor)}
      </div>
      ${this.profile && this.state === "ready" ? this.#findings(this.profile) : ""}
      ${this.kernels && !this.onProcessor ? this.#choice(this.kernels) : ""}
      <next-token-shader-dialog></next-token-shader-dialog>
    `;
  }

  #findings(profile: StepProfile) {
    const { dispatches } = profile;
    return html`
      ${this.#headline(profile)}
      <p class="note">${timingSentence(profile)}</p>
      <div class="tables">
        ${this.#table("In the order of the model", "Module and kernel", byBlock(dispatches), true)}
        ${this.#table("By kernel", "Kernel", byKernel(dispatches), false)}
      </div>
    `;
  }

  #choice(kernels: TunedKernels) {
    return html`<section class="choice">
      <p class="caption">The kernels that were the fastest here</p>
      <dl class="facts">
        ${chosenFor.map(
          ([name, task]) => html`<div><dt>${name}</dt><dd translate="no">${kernels[task]}</dd></div>`,
        )}
      </dl>
      <div class="opening">
        <button type="button" aria-disabled=${this.state === "waiting"} @click=${this.#askForChoice}>
          Choose again
        </button>
        <p class="note">
          Variants of the same kernel did the same work against the clock. The choice passed the self-test, and is kept for
          thirty days.
        </p>
      </div>
    </section>`;
  }

  #headline({ dispatches, milliseconds, bandwidth, context, computed, adapter }: StepProfile) {
    const { bytes } = inAll(dispatches);
    const rate = bytes / milliseconds / 1e6;
    const facts = [
      ["one token", formatMicroseconds(milliseconds * 1000)],
      ["dispatches", formatCount(dispatches.length)],
      ["read and written", formatBytes(bytes)],
      ["at", `${formatGB(rate)} GB/s`],
      ...(bandwidth ? [["reading alone", `${formatGB(bandwidth)} GB/s`]] : []),
      ["tokens computed", computed === context ? `all ${context}` : `${computed} of ${context}`],
    ];
    return html`<dl class="facts">
        ${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd translate="no">${value}</dd></div>`)}
      </dl>
      <p class="note">On ${adapter}.</p>`;
  }

  #table(caption: string, what: string, groups: readonly DispatchGroup[], collapsible: boolean) {
    const longest = Math.max(...groups.map(barOf));
    const isTimed = this.profile!.timing !== "wall-clock";
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${caption}><table>
      <caption class="caption">
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">${what}</th>
          <th scope="col" class="number wide">${collapsible ? "Workgroups" : "Dispatches"}</th>
          <th scope="col" class="number">Bytes</th>
          <th scope="col" class="bar">${isTimed ? "Time" : "Bytes, to scale"}</th>
          ${
            isTimed
              ? html`<th scope="col" class="number wide">GB/s</th>
                  <th scope="col" class="number">Share</th>`
              : ""
          }
        </tr>
      </thead>
      ${groups.map((group) => (collapsible ? this.#block(group, longest) : this.#kernel(group, longest)))}
    </table></div>`;
  }

  #block(group: DispatchGroup, longest: number) {
    const { name, dispatches } = group;
    const isOpen = this.open.includes(name);
    return html`<tbody>
      <tr class="group">
        <th scope="rowgroup">
          <button type="button" aria-expanded=${isOpen} @click=${() => this.#toggle(name)}>${name}</button>
        </th>
        <td translate="no" class="number wide note">${dispatches.length === 1 ? "1 dispatch" : `${dispatches.length} dispatches`}</td>
        ${this.#amounts(group, longest)}
      </tr>
      ${isOpen ? dispatches.map((dispatch) => this.#dispatch(dispatch, longest)) : ""}
    </tbody>`;
  }

  #dispatch(dispatch: ProfiledDispatch, longest: number) {
    const { kernel, module, workgroups, microseconds } = dispatch;
    const name = module?.replace(/^trf_blocks\.\d+\./, "");
    return html`<tr>
      <th scope="row" class="dispatch">
        <button type="button" @click=${() => this.#show(dispatch)}>
          ${name ? html`<code translate="no">${name}</code>` : ""} <span class="kernel">${kernel}</span>
        </button>
      </th>
      <td translate="no" class="number wide">${workgroups.filter((count, axis) => axis === 0 || count > 1).join(" × ")}</td>
      ${this.#amounts({ bytes: bytesOf(dispatch), microseconds }, longest)}
    </tr>`;
  }

  #kernel(group: DispatchGroup, longest: number) {
    return html`<tbody>
      <tr>
        <th scope="row" class="dispatch">
          <button type="button" @click=${() => this.#show(group.dispatches[0]!)}>${group.name}</button>
        </th>
        <td translate="no" class="number wide">${group.dispatches.length}</td>
        ${this.#amounts(group, longest)}
      </tr>
    </tbody>`;
  }

  #amounts(amount: Amount, longest: number) {
    const { bytes, microseconds } = amount;
    const { timing, dispatches } = this.profile!;
    const rate = rateOf(amount);
    const all = inAll(dispatches).microseconds;
    return html`<td translate="no" class="number">${formatBytes(bytes)}</td>
      <td translate="no" class="bar">
        <div>
          <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
            ${svg`<rect width=${(100 * barOf(amount)) / longest} height="1"></rect>`}
          </svg>
          ${microseconds === undefined ? "" : html`<span>${formatMicroseconds(microseconds)}</span>`}
        </div>
      </td>
      ${
        timing !== "wall-clock"
          ? html`<td translate="no" class="number wide">${rate === undefined ? "–" : formatGB(rate)}</td>
              <td translate="no" class="number">${microseconds === undefined || !all ? "–" : formatShare(microseconds / all)}</td>`
          : ""
      }`;
  }

  #toggle(name: string) {
    this.open = this.open.includes(name) ? this.open.filter((other) => other !== name) : [...this.open, name];
  }

  #show(dispatch: ProfiledDispatch) {
    void this.renderRoot.querySelector("next-token-shader-dialog")!.show(dispatch);
  }

  #askForChoice() {
    if (this.state !== "waiting") this.dispatchEvent(new CustomEvent("choice-wanted"));
  }

  #ask() {
    if (this.state !== "waiting") this.dispatchEvent(new CustomEvent("profile-wanted"));
  }
}

const about = (onProcessor: boolean) => html`<p class="note">
  Runs the step that chooses the next token a few times more, and
  ${onProcessor ? "times each kernel on the processor." : "asks the GPU how long each kernel took."}
</p>`;

const outdated = html`<p class="note outdated">
  What is shown was measured with another text, or with the KV cache or a head switched otherwise. Measure again for what
  the page shows now.
</p>`;

const chosenFor: readonly [name: string, task: keyof TunedKernels][] = [
  ["a product of one row", "one"],
  ["of a few rows", "few"],
  ["of more", "many"],
  ["attention", "attention"],
];

/** What the length of a bar stands for: the time, or the bytes where nothing was timed. */
const barOf = ({ bytes, microseconds }: Amount): number => microseconds ?? bytes;

function timingSentence({ timing, runs, bandwidth }: StepProfile): string {
  const reading = bandwidth
    ? " Reading alone is the rate of a kernel that adds up the largest matrix and does nothing else: what an iteration comes near where memory holds it up, and may pass where it finds its data in a cache."
    : "";
  const steps = runs === 1 ? "one iteration" : `${runs} iterations`;
  if (timing === "processor-clock") {
    return `Times by the clock of the worker that computes, over ${steps}; browsers round that clock. A kernel is a function of WebAssembly here, and workgroups say what a GPU would start for it.${reading}`;
  }
  if (timing === "timestamp-query") {
    return `Times by the GPU's own clock (timestamp-query), over ${steps}; browsers round that clock. Each kernel ran by itself, so the times need not add up to that of a token; a share is of their sum.${reading}`;
  }
  return `This GPU offers no clock (timestamp-query): there is only the wall time of the whole iteration, over ${steps}, and the bars show bytes.${reading}`;
}

define("next-token-machine", MachinePanel);

declare global {
  interface HTMLElementTagNameMap {
    "next-token-machine": MachinePanel;
  }
}
