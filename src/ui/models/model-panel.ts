import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
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
import type { ForeignDownload } from "../../lesson/models/consent.ts";
import { sortFiles } from "../../lesson/models/file-choice.ts";
import { acceptDrops } from "./file-drop.ts";
import "./foreign-host.ts";
import { deleteKept, type KeptModel, keptModels, knownModels } from "../../lesson/models/library.ts";
import "./model-menu.ts";
import { modelName } from "../../lesson/models/model-words.ts";
import type { ModelMenu } from "./model-menu.ts";

/**
 * Everything about which model computes: the menu, the models kept on this computer, what is noted of the one that is
 * loaded, and the question before a foreign host is asked for anything. Fires `model-choose` with what the `model`
 * attribute would say; and `host-answer` with whether somebody agreed.
 */
export class ModelPanel extends LitElement {
  /** What the `model` attribute says. */
  @property({ attribute: false }) accessor model = "seed:123";
  /** Whether another one can be chosen here, or dropped; and else whether it is named. */
  @property({ attribute: false }) accessor canChoose = true;
  @property({ attribute: false }) accessor isNamed = true;
  /** Of the model that is loaded; undefined while none is. */
  @property({ attribute: false }) accessor notes: readonly string[] = [];
  @property({ attribute: false }) accessor verified: Verified | undefined;
  /** Where a file may be dropped. */
  @property({ attribute: false }) accessor dropTarget: HTMLElement = this;
  /** The download that somebody has to agree to first. */
  @property({ attribute: false }) accessor asked: ForeignDownload | undefined;
  @state() protected accessor known: readonly KnownModel[] = [];
  @state() protected accessor kept: readonly KeptModel[] | undefined;
  @state() protected accessor isForbidden = false;
  /** What is to be said of files that were chosen or dropped. */
  @state() protected accessor fileNotice: string | undefined;

  /** Chosen before the file they belong to. */
  #waiting: Companions = {};

  #endDrops = () => {};

  static override styles = [
    base,
    css`
      summary,
      .fixed {
        padding-block: var(--nt-space-2);
        font-size: var(--nt-text-s);
        font-weight: 600;
        overflow-wrap: anywhere;
      }

      summary {
        cursor: pointer;
      }

      :is(summary, .fixed) .note {
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
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    if ((changed.has("dropTarget") || changed.has("canChoose")) && this.isConnected) this.#takeDrops();
    if (changed.has("model") && !isSeed(this.model)) this.#listKnown().catch(() => {}); // its name may be one of theirs
  }

  /** A model that has become ready may be one that was downloaded just now. */
  protected override updated(changed: PropertyValues<this>) {
    const isOpen = this.renderRoot.querySelector("details")?.open;
    if (changed.has("verified") && this.verified && isOpen) void this.#listKept();
  }

  override render() {
    return html`
      ${this.canChoose ? this.#choice() : this.#named()}
      <div aria-live="polite">${this.#noted()}</div>
      <next-token-foreign-host
        .asked=${this.asked}
        @host-answer=${({ detail }: CustomEvent<boolean>) => this.#fire("host-answer", detail)}
      ></next-token-foreign-host>
    `;
  }

  #named() {
    return this.isNamed
      ? html`<p class="fixed">Model <span class="note">${this.#name()} · fixed by this page</span></p>`
      : nothing;
  }

  #choice() {
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
    `;
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
    if (this.fileNotice !== undefined) notes.unshift(this.fileNotice);
    // The small model's files are this site's own; tests compare each with PyTorch.
    if (this.verified === "unverified" && this.#source()?.kind !== "small")
      notes.push(
        "Nothing is known of this file to compare with: names and shapes are a GPT-2's, its text is unverified.",
      );
    return notes.length > 0 ? html`<p class="note noted">${notes.join(" ")}</p>` : nothing;
  }

  #choose(model: string) {
    this.fileNotice = undefined;
    this.#fire("model-choose", model);
  }

  #fire(name: string, detail: unknown) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #takeDrops() {
    this.#endDrops();
    if (this.canChoose) this.#endDrops = acceptDrops(this.dropTarget, (files) => this.#takeFiles(files));
  }

  /** Files of a model: all at once, or what belongs to a checkpoint after it, or before it. */
  #takeFiles(files: readonly File[], isPicked = false) {
    const choice = sortFiles(files, isPicked);
    if (typeof choice === "string") {
      const [file, ...more] = files;
      // Play then says so once more, and does not run another model.
      if (isPicked && file && more.length === 0 && !/\.json$/i.test(file.name)) this.#choose(nameFile(file));
      this.fileNotice = choice;
      return;
    }
    const current = this.#source();
    const before = current?.kind === "file" && !choice.file ? current : this.#waiting;
    const file = choice.file ?? (current?.kind === "file" ? current.file : undefined);
    const { config = before.config, vocabulary = before.vocabulary } = choice;
    if (!file) {
      this.#waiting = { config, vocabulary };
      const names = [config, vocabulary].flatMap((companion) => (companion ? `“${companion.name}”` : []));
      this.fileNotice = `${names.join(" and ")}: kept for the file that it belongs to. Choose or drop its .safetensors or .pth.`;
      return;
    }
    this.#waiting = {};
    const heads = this.renderRoot.querySelector<ModelMenu>("next-token-model-menu")!.takeHeads();
    const model = withHeads(nameFile(file, { config, vocabulary }), heads);
    this.#choose(withPrecision(model, precisionIn(this.model)));
  }

  async #listKnown() {
    this.known = await knownModels();
  }

  /** Lists what is kept; where that cannot be told, nothing stands there. */
  async #listKept() {
    try {
      await this.#listKnown();
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

define("next-token-models", ModelPanel);
