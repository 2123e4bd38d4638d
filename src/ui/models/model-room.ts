import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import type { Verified } from "../../index.ts";
import {
  askForFile,
  type KnownModel,
  type ModelSource,
  missingFile,
  parseModelSource,
  precisionIn,
  withHeads,
  withPrecision,
} from "../../lesson/models/model-source.ts";
import { base } from "../design/base.css.ts";
import { define } from "../element/define.ts";
import { pageContext } from "./page-context.ts";
import "./cached-models.ts";
import { type Companions, nameFile } from "../../lesson/models/chosen-files.ts";
import { agreeTo, type ForeignDownload, openQuestion } from "../../lesson/models/consent.ts";
import { sortFiles } from "../../lesson/models/file-choice.ts";
import { acceptDrops } from "./file-drop.ts";
import "./foreign-host.ts";
import {
  deleteKept,
  type KeptModel,
  keptBytes,
  keptModels,
  knownModels,
} from "../../lesson/models/library.ts";
import "./model-menu.ts";
import { modelName } from "../../lesson/models/model-words.ts";
import type { ModelMenu } from "./model-menu.ts";

/**
 * Everything about which model computes: the menu, the models kept on this computer, what is noted of the one that is
 * loaded, and the question before a foreign host is asked for anything. Fires `model-choose` with what the `model`
 * attribute would say.
 */
export class ModelRoom extends LitElement {
  static override properties = {
    model: { attribute: false },
    notes: { attribute: false },
    verified: { attribute: false },
    zone: { attribute: false },
    known: { state: true },
    kept: { state: true },
    isForbidden: { state: true },
    asked: { state: true },
    told: { state: true },
  };
  /** What the `model` attribute says. */
  declare model: string;
  /** Of the model that is loaded; undefined while none is. */
  declare notes: readonly string[];
  declare verified: Verified | undefined;
  /** Where a file may be dropped. */
  declare zone: HTMLElement;
  declare protected known: readonly KnownModel[];
  declare protected kept: readonly KeptModel[] | undefined;
  declare protected isForbidden: boolean;
  declare protected asked: ForeignDownload | undefined;
  /** What is to be said of files that were chosen or dropped. */
  declare protected told: string | undefined;

  /** Chosen before the file they belong to. */
  #waiting: Companions = {};

  #answer: (isAllowed: boolean) => void = () => {};
  /** How many questions there were. */
  #questions = 0;
  #endDrops = () => {};

  constructor() {
    super();
    this.model = "seed:123";
    this.notes = [];
    this.zone = this;
    this.known = [];
    this.isForbidden = false;
  }

  static override styles = [
    base,
    css`
      summary {
        padding-block: var(--nt-space-2);
        font-size: var(--nt-text-s);
        font-weight: 600;
        cursor: pointer;
        overflow-wrap: anywhere;
      }

      summary .note {
        margin-inline-start: var(--nt-space-2);
        font-weight: 400;
      }

      .open {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--nt-space-4);
        padding-block-end: var(--nt-space-3);
      }

      .noted {
        padding-block-end: var(--nt-space-2);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    this.#takeDrops();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#endDrops();
    this.#answered(false);
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    if (changed.has("zone") && this.isConnected) this.#takeDrops();
    if (changed.has("model") && !isSeed(this.model)) this.#learn().catch(() => {}); // its name may be one of theirs
  }

  /** A model that has become ready may be one that was downloaded just now. */
  protected override updated(changed: PropertyValues<this>) {
    const isOpen = this.renderRoot.querySelector("details")!.open;
    if (changed.has("verified") && this.verified && isOpen) void this.#listKept();
  }

  override render() {
    return html`
      <details @toggle=${this.#listKept}>
        <summary>Model <span class="note">${this.#name()}</span></summary>
        <div class="open">
          <next-token-model-menu
            .model=${this.model}
            .known=${this.known}
            @model-choose=${({ detail }: CustomEvent<string>) => this.#choose(detail)}
            @files-choose=${({ detail }: CustomEvent<File[]>) => this.#takeFiles(detail, true)}
          ></next-token-model-menu>
          <div>
            <h2 class="caption">Kept on this computer</h2>
            <next-token-cached-models
              .models=${this.kept}
              .isForbidden=${this.isForbidden}
              @model-delete=${this.#deleteKept}
            ></next-token-cached-models>
          </div>
        </div>
      </details>
      <div aria-live="polite">${this.#noted()}</div>
      <next-token-foreign-host
        .asked=${this.asked}
        @host-answer=${({ detail }: CustomEvent<boolean>) => this.#answered(detail)}
      ></next-token-foreign-host>
    `;
  }

  /**
   * Whether `model` may be loaded: at once, or after somebody agreed to its host. Nothing is asked of a foreign host
   * before. A question that is still open is settled by the next one, with no. Rejects when the models' code does not
   * come.
   */
  async agree(model: string): Promise<boolean> {
    if (isSeed(model)) return true;
    await this.#learn();
    const question = openQuestion(model, pageContext(this.known));
    if (!question) return true;
    const number = ++this.#questions;
    const bytes = await keptBytes(question.url).catch(() => undefined); // which is then not known
    if (number < this.#questions) return false; // a newer question came first
    this.#answered(false); // one question at a time, and none between this line and the next one's answer
    this.asked = { ...question, bytes };
    const isAllowed = await new Promise<boolean>((resolve) => {
      this.#answer = resolve;
    });
    if (isAllowed) agreeTo(question.host);
    return isAllowed;
  }

  #name(): string {
    const source = this.#source();
    if (!source) return missingFile(this.model) ?? ""; // the menu says why
    return source.precision === "f32" ? modelName(source) : `${modelName(source)} · ${source.precision}`;
  }

  #source(): ModelSource | undefined {
    try {
      return parseModelSource(this.model, pageContext(this.known));
    } catch {
      return undefined;
    }
  }

  #noted() {
    const notes = [...this.notes];
    const missing = missingFile(this.model);
    if (missing !== undefined) notes.unshift(askForFile(missing));
    if (this.told !== undefined) notes.unshift(this.told);
    if (this.verified === "unverified")
      notes.push(
        "Nothing is known of this file to compare with: names and shapes are a GPT-2's, its text is unverified.",
      );
    return notes.length > 0 ? html`<p class="note noted">${notes.join(" ")}</p>` : nothing;
  }

  #choose(model: string) {
    this.told = undefined;
    this.dispatchEvent(new CustomEvent("model-choose", { detail: model }));
  }

  #answered(isAllowed: boolean) {
    this.asked = undefined;
    this.#answer(isAllowed);
  }

  #takeDrops() {
    this.#endDrops();
    this.#endDrops = acceptDrops(this.zone, (files) => this.#takeFiles(files));
  }

  /** Files of a model: all at once, or what belongs to a checkpoint after it, or before it. */
  #takeFiles(files: readonly File[], isPicked = false) {
    const choice = sortFiles(files, isPicked);
    if (typeof choice === "string") {
      const [file, ...more] = files;
      // Who has picked it and presses Play is told once more, and does not see another model play.
      if (isPicked && file && more.length === 0 && !/\.json$/i.test(file.name)) this.#choose(nameFile(file));
      this.told = choice;
      return;
    }
    const current = this.#source();
    const before = current?.kind === "file" && !choice.file ? current : this.#waiting;
    const file = choice.file ?? (current?.kind === "file" ? current.file : undefined);
    const { config = before.config, vocabulary = before.vocabulary } = choice;
    if (!file) {
      this.#waiting = { config, vocabulary };
      const names = [config, vocabulary].flatMap((companion) => (companion ? `“${companion.name}”` : []));
      this.told = `${names.join(" and ")}: kept for the file that it belongs to. Choose or drop its .safetensors.`;
      return;
    }
    this.#waiting = {};
    const heads = this.renderRoot.querySelector<ModelMenu>("next-token-model-menu")!.takeHeads();
    const model = withHeads(nameFile(file, { config, vocabulary }), heads);
    this.#choose(withPrecision(model, precisionIn(this.model)));
  }

  async #learn() {
    this.known = await knownModels();
  }

  /** Lists what is kept; where that cannot be told, nothing stands there. */
  async #listKept() {
    try {
      await this.#learn();
      this.kept = await keptModels(this.known);
      this.isForbidden = this.kept === undefined;
    } catch {
      this.kept = undefined;
      this.isForbidden = false;
    }
  }

  async #deleteKept({ detail: url }: CustomEvent<string>) {
    await deleteKept(url).catch(() => {}); // what is still there stays in the list
    await this.#listKept();
  }
}

const isSeed = (model: string) => model.startsWith("seed:");

define("next-token-models", ModelRoom);
