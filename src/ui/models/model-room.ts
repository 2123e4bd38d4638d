import { css, html, LitElement } from "lit";
import { base } from "../base.css.ts";
import { define } from "../define.ts";
import type { KnownModel } from "../model-source.ts";
import "./cached-models.ts";
import type { KeptModel } from "./cached-models.ts";
import { agree, openQuestion } from "./consent.ts";
import "./foreign-host.ts";
import type { ForeignDownload } from "./foreign-host.ts";
import "./model-menu.ts";
import { nameAt } from "./model-words.ts";

/**
 * Everything about which model computes: the menu, the models kept on this computer, and the question before a foreign
 * host is asked for anything. Fires `model-choose` with what the `model` attribute would say.
 */
export class ModelRoom extends LitElement {
  static override properties = {
    model: { attribute: false },
    zone: { attribute: false },
    known: { state: true },
    kept: { state: true },
    isForbidden: { state: true },
    asked: { state: true },
  };
  declare model: string;
  /** Where a file may be dropped. */
  declare zone: HTMLElement | undefined;
  declare protected known: readonly KnownModel[];
  declare protected kept: readonly KeptModel[] | undefined;
  declare protected isForbidden: boolean;
  declare protected asked: ForeignDownload | undefined;

  #answer: (isAllowed: boolean) => void = () => {};

  constructor() {
    super();
    this.model = "seed:123";
    this.known = [];
    this.isForbidden = false;
  }

  static override styles = [
    base,
    css`
      details {
        margin-block-start: var(--nt-space-2);
      }

      summary {
        inline-size: fit-content;
        cursor: pointer;
      }
    `,
  ];

  override render() {
    return html`
      <next-token-model-menu
        .model=${this.model}
        .known=${this.known}
        .zone=${this.zone}
        @model-choose=${this.#chosen}
      ></next-token-model-menu>
      <details @toggle=${this.#listKept}>
        <summary class="note">Models kept on this computer</summary>
        <next-token-cached-models
          .models=${this.kept}
          .isForbidden=${this.isForbidden}
          @model-delete=${this.#deleteKept}
        ></next-token-cached-models>
      </details>
      <next-token-foreign-host
        .asked=${this.asked}
        @host-answer=${({ detail }: CustomEvent<boolean>) => this.#answered(detail)}
      ></next-token-foreign-host>
    `;
  }

  /** Learns which models there are. They are part of the model's code, which a page that is only read goes without. */
  async load(): Promise<void> {
    const { publishedModels } = await library();
    this.known = publishedModels;
  }

  /**
   * Whether `model` may be loaded: at once, or after somebody agreed to its host. Nothing is asked of a foreign host
   * before.
   */
  async agree(model: string): Promise<boolean> {
    await this.load();
    const question = openQuestion(model, this.known);
    if (!question) return true;
    this.#answered(false); // one question at a time
    const bytes = (await keptModels(this.known))?.find(({ url }) => url === question.url)?.bytes;
    this.asked = { ...question, bytes };
    const isAllowed = await new Promise<boolean>((resolve) => {
      this.#answer = resolve;
    });
    if (isAllowed) agree(question.host);
    return isAllowed;
  }

  #answered(isAllowed: boolean) {
    this.asked = undefined;
    this.#answer(isAllowed);
  }

  #chosen({ detail }: CustomEvent<string>) {
    this.dispatchEvent(new CustomEvent("model-choose", { detail }));
  }

  async #listKept() {
    await this.load();
    this.kept = await keptModels(this.known);
    this.isForbidden = this.kept === undefined;
  }

  async #deleteKept({ detail: url }: CustomEvent<string>) {
    const { ModelCache } = await library();
    await (await ModelCache.open())?.delete(url);
    await this.#listKept();
  }
}

const library = () => import("../../index.ts");

/** Undefined where the browser keeps nothing for this page. */
async function keptModels(known: readonly KnownModel[]): Promise<KeptModel[] | undefined> {
  const { ModelCache } = await library();
  const models = await (await ModelCache.open())?.list();
  const name = (url: string) => known.find((model) => model.url === url)?.label ?? nameAt(url);
  return models?.map((model) => ({ ...model, name: name(model.url) }));
}

define("next-token-models", ModelRoom);
