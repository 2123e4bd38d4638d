import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import type { Verified } from "../../index.ts";
import { base } from "../base.css.ts";
import { define } from "../define.ts";
import { here, type KnownModel, parseModelSource, precisionIn, withPrecision } from "../model-source.ts";
import "./cached-models.ts";
import type { KeptModel } from "./cached-models.ts";
import { nameFile } from "./chosen-files.ts";
import { agreeTo, openQuestion } from "./consent.ts";
import { acceptDrops } from "./file-drop.ts";
import "./foreign-host.ts";
import type { ForeignDownload } from "./foreign-host.ts";
import { deleteKept, keptBytes, keptModels, knownModels } from "./library.ts";
import "./model-menu.ts";
import { modelName } from "./model-words.ts";

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
    refused: { state: true },
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
  /** The name of a dropped file that is no checkpoint. */
  declare protected refused: string | undefined;

  #answer: (isAllowed: boolean) => void = () => {};
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
    const question = openQuestion(model, this.known);
    if (!question) return true;
    const bytes = await keptBytes(question.url).catch(() => undefined); // which is then not known
    this.#answered(false); // one question at a time, and none between this line and the next one's answer
    this.asked = { ...question, bytes };
    const isAllowed = await new Promise<boolean>((resolve) => {
      this.#answer = resolve;
    });
    if (isAllowed) agreeTo(question.host);
    return isAllowed;
  }

  #name(): string {
    try {
      const source = parseModelSource(this.model, here(this.known));
      return source.precision === "f32" ? modelName(source) : `${modelName(source)} · ${source.precision}`;
    } catch {
      return ""; // the menu says why
    }
  }

  #noted() {
    const notes = [...this.notes];
    if (this.refused !== undefined)
      notes.unshift(`“${this.refused}” is not used: of files only a .safetensors can be dropped here.`);
    if (this.verified === "unverified")
      notes.push(
        "Nothing is known of this file to compare with: names and shapes are a GPT-2's, its text is unverified.",
      );
    return notes.length > 0 ? html`<p class="note noted">${notes.join(" ")}</p>` : nothing;
  }

  #choose(model: string) {
    this.refused = undefined;
    this.dispatchEvent(new CustomEvent("model-choose", { detail: model }));
  }

  #answered(isAllowed: boolean) {
    this.asked = undefined;
    this.#answer(isAllowed);
  }

  #takeDrops() {
    this.#endDrops();
    this.#endDrops = acceptDrops(
      this.zone,
      (file) => this.#choose(withPrecision(nameFile(file), precisionIn(this.model))),
      (name) => {
        this.refused = name;
      },
    );
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
