import { html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { GPT_CONFIG_124M } from "../../config.ts";
import { asNextTokenError } from "../../lesson/failure.ts";
import { formatCount } from "../../lesson/format.ts";
import { fileNameIn } from "../../lesson/models/chosen-files.ts";
import { changesIn } from "../../lesson/models/model-config.ts";
import {
  headsIn,
  type KnownModel,
  type ModelSource,
  type Precision,
  parseModelSource,
  precisionIn,
  shortName,
  withHeads,
  withPrecision,
  withSeed,
} from "../../lesson/models/model-source.ts";
import { base } from "../design/base.css.ts";
import { define } from "../element/define.ts";
import { keepFocus } from "../element/keep-focus.ts";
import { isComposed } from "../element/used-keys.ts";
import { menuStyles } from "./model-menu.css.ts";
import { pageContext } from "./page-context.ts";
import "./model-picker.ts";
import { modelName, modelNote, smallName, untrainedName } from "../../lesson/models/model-words.ts";
import { FINISHED, smallModel } from "../../lesson/small-model/snapshots.ts";
import "./precision-choice.ts";

/** The largest seed that fits the generator's 32 bits. */
const MOST_SEED = 2 ** 32 - 1;

/** Entries of the menu that lead to a form instead of a model. */
type Form = "file" | "address";

/**
 * Which model computes. Fires `model-choose` with what the `model` attribute would say, or `files-choose` with files that
 * were picked; nothing is loaded by it.
 */
export class ModelMenu extends LitElement {
  @property({ attribute: false }) accessor model = "seed:123";
  @property({ attribute: false }) accessor known: readonly KnownModel[] = [];
  @state() protected accessor form: Form | undefined;
  @state() protected accessor refusal: string | undefined;

  /** The seed that the menu offers: the last one that was chosen. */
  #seed = 123;

  static override styles = [base, menuStyles];

  protected override willUpdate(changed: PropertyValues<this>) {
    if (!changed.has("model")) return;
    const source = this.#parsed();
    if (!(source instanceof Error) && source.kind === "seed") this.#seed = source.seed;
    this.refusal = undefined;
    if (changed.get("model")?.split("#")[0] === this.model.split("#")[0]) return; // another precision, or heads
    const isMissing = source instanceof Error && fileNameIn(this.model) !== undefined;
    this.form = isMissing ? "file" : undefined;
  }

  /** How many heads were typed for a file that is about to be chosen; the form is done with. */
  takeHeads(): number | undefined {
    const heads = this.form === "file" ? this.#wantedHeads() : undefined;
    this.form = undefined;
    return heads;
  }

  protected override update(changed: PropertyValues<this>) {
    keepFocus(
      this,
      () => super.update(changed),
      () => this.renderRoot.querySelector("select"),
    );
  }

  override render() {
    const current = this.#parsed();
    const source = current instanceof Error ? undefined : current;
    const isMissing = fileNameIn(this.model) !== undefined; // which the panel asks for, whether the menu is open or not
    const note = this.refusal ?? (current instanceof Error && !isMissing ? current.message : undefined);
    return html`
      <div class="line">
        <label class="caption" for="models">Model</label>
        <select id="models" class="grow" aria-describedby="note" @change=${this.#selected}>
          ${this.#options(source).map(
            ([value, name]) =>
              html`<option value=${value} ?selected=${value === this.#selectedValue(source)}>${name}</option>`,
          )}
        </select>
      </div>
      ${source?.kind === "seed" && !this.form ? this.#seedField(source.seed) : nothing}
      ${this.form === "file" ? this.#fileForm() : nothing} ${this.form === "address" ? this.#addressForm() : nothing}
      ${this.form || (source && namesNoHeads(source)) ? this.#heads(source) : nothing}
      <p id="note" class=${note ? "note refusal" : "note"} aria-live="polite">
        ${note ?? (source && !this.form ? modelNote(source) : nothing)}
      </p>
      <next-token-precision
        .precision=${precisionIn(this.model)}
        @precision-change=${({ detail }: CustomEvent<Precision>) => this.#tell(withPrecision(this.model, detail))}
      ></next-token-precision>
    `;
  }

  protected override updated() {
    // After options came or went, the browser may have kept another one selected.
    const select = this.renderRoot.querySelector("select")!;
    const current = this.#parsed();
    select.value = this.#selectedValue(current instanceof Error ? undefined : current);
  }

  #options(source: ModelSource | undefined): [value: string, name: string][] {
    const options: [string, string][] = [
      [`seed:${this.#seed}`, untrainedName(this.#seed, GPT_CONFIG_124M)],
      [smallModel(FINISHED), smallName(FINISHED)],
    ];
    for (const model of this.known) options.push([shortName(model), model.label]);
    const value = this.#valueOf(source);
    if (!options.some(([other]) => other === value))
      options.push([value, source ? modelName(source) : (fileNameIn(this.model) ?? "Not a model")]);
    options.push(["form:file", "A file from this computer…"], ["form:address", "An address…"]);
    return options;
  }

  #selectedValue(source: ModelSource | undefined): string {
    return this.form ? `form:${this.form}` : this.#valueOf(source);
  }

  #valueOf(source: ModelSource | undefined): string {
    if (source?.kind === "small") return smallModel(FINISHED); // whose steps the slider chooses
    if (source?.kind === "seed" && changesIn(source.config).length === 0) return `seed:${source.seed}`;
    if (source?.kind === "seed") return withPrecision(this.model, "f32"); // which is chosen beside it
    return source?.kind === "address" && source.known ? shortName(source.known) : this.model;
  }

  #seedField(seed: number) {
    return html`<label class="line">
      <span id="seed-label">Seed, as <code translate="no">torch.manual_seed</code> takes it</span>
      <input
        id="seed"
        aria-labelledby="seed-label"
        class="seed"
        type="number"
        min="0"
        max=${MOST_SEED}
        step="1"
        .value=${String(seed)}
        @change=${this.#seedChanged}
      />
    </label>`;
  }

  #seedChanged(event: Event) {
    const input = event.target as HTMLInputElement;
    if (input.checkValidity() && input.value !== "") this.#choose(withSeed(this.model, input.valueAsNumber));
    else {
      input.value = String(this.#seed);
      this.refusal = `A seed is a whole number from 0 to ${formatCount(MOST_SEED)}.`;
    }
  }

  #fileForm() {
    return html`<next-token-model-picker
      @files-choose=${({ detail }: CustomEvent<File[]>) =>
        this.dispatchEvent(new CustomEvent("files-choose", { detail }))}
    ></next-token-model-picker>`;
  }

  #addressForm() {
    return html`<div class="line">
      <input
        id="address"
        class="grow"
        type="url"
        aria-label="Address of a model.safetensors"
        placeholder="https://huggingface.co/…/model.safetensors"
        spellcheck="false"
        autocomplete="off"
        @keydown=${(event: KeyboardEvent) => event.key === "Enter" && !isComposed(event) && this.#useAddress()}
      />
      <button @click=${this.#useAddress}>Use</button>
    </div>`;
  }

  /** No shape of a checkpoint shows how many heads share its rows. */
  #heads(source: ModelSource | undefined) {
    const isMissing = !source && this.form === "file";
    const n_heads = isMissing
      ? headsIn(this.model)
      : source && (source.kind === "address" || source.kind === "file") && !this.form
        ? source.n_heads
        : undefined;
    return html`<label class="line">
      <span id="heads-label">Heads (<code translate="no">n_heads</code>), if its config.json does not say</span>
      <input id="heads" aria-labelledby="heads-label" type="number" min="1" max="999" placeholder="emb_dim / 64" .value=${n_heads ? String(n_heads) : ""} @change=${this.#headsChanged} />
    </label>`;
  }

  #selected(event: Event) {
    const { value } = event.target as HTMLSelectElement;
    if (value === "form:file" || value === "form:address") {
      this.form = value === "form:file" ? "file" : "address";
      this.refusal = undefined;
    } else this.#choose(withPrecision(value, precisionIn(this.model)));
  }

  #useAddress() {
    const { value } = this.renderRoot.querySelector<HTMLInputElement>("#address")!;
    const text = this.#detailed(value);
    try {
      parseModelSource(text, pageContext(this.known));
      this.#choose(text);
    } catch (error) {
      this.refusal = asNextTokenError(error).message;
    }
  }

  #headsChanged() {
    if (!this.form) this.#choose(withHeads(this.model, this.#wantedHeads()));
  }

  /** With what the form says besides; a precision that is typed behind an address goes before the one chosen here. */
  #detailed(text: string): string {
    const heads = this.#wantedHeads();
    const detailed = heads === undefined ? text : withHeads(text, heads);
    return precisionIn(text) === "f32" ? withPrecision(detailed, precisionIn(this.model)) : detailed;
  }

  #wantedHeads(): number | undefined {
    const input = this.renderRoot.querySelector<HTMLInputElement>("#heads");
    return input?.value && input.checkValidity() ? input.valueAsNumber : undefined;
  }

  #choose(model: string) {
    this.form = undefined;
    this.refusal = undefined;
    this.#tell(model);
  }

  #tell(model: string) {
    this.dispatchEvent(new CustomEvent("model-choose", { detail: model }));
  }

  #parsed(): ModelSource | Error {
    try {
      return parseModelSource(this.model, pageContext(this.known));
    } catch (error) {
      return asNextTokenError(error);
    }
  }
}

/** A checkpoint that nobody here knows. */
const namesNoHeads = (source: ModelSource) =>
  source.kind === "file" || (source.kind === "address" && source.known === undefined);

define("next-token-model-menu", ModelMenu);
