import { css, html, LitElement } from "lit";
import { property } from "lit/decorators.js";
import { GPT_CONFIG_124M, type GPTConfig } from "../../config.ts";
import { changesIn, inPython } from "../../lesson/models/model-config.ts";
import { base } from "../design/base.css.ts";
import { define } from "../element/define.ts";
import { type Module, outlineOf } from "./model-outline.ts";

/**
 * The notebook's GPTModel as a picture that can be read from above to below, with live shapes. Fires `module-chosen` with
 * a module, `layer-chosen` with the number of a block, and `lens-wanted` for the lens after that block.
 */
export class ModelDiagram extends LitElement {
  @property({ attribute: false }) accessor config: GPTConfig = GPT_CONFIG_124M;
  /** The shape of what the model reads, [B, T]. */
  @property({ attribute: false }) accessor input: readonly [B: number, T: number] = [1, 1];
  /** The block whose attention is shown. */
  @property({ attribute: false }) accessor layer = 0;

  static override styles = [
    base,
    css`
      :host {
        container-type: inline-size;
      }

      .sides {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--nt-space-4) var(--nt-space-6);
        align-items: start;
      }

      ol {
        display: grid;
        gap: var(--nt-space-1);
      }

      .flow > li + li:not(.blocks) {
        border-block-start: 1px solid var(--nt-line);
      }

      .module {
        display: grid;
        grid-template: "name shape" auto "does does" auto / minmax(0, 1fr) auto;
        gap: 0 var(--nt-space-3);
        padding: calc(0.125 * var(--nt-em)) var(--nt-space-2);
        font-size: var(--nt-text-s);
      }

      .name {
        justify-self: start;
        min-block-size: var(--nt-target);
        padding: 0;
        background: none;
        border: 0;
        font-family: var(--nt-mono);
        text-align: start;
        text-decoration: underline dotted 1px;
        text-underline-offset: 0.3em;
      }

      .does {
        grid-area: does;
        color: var(--nt-soft);
        font-size: var(--nt-text-xs);
      }

      .lens {
        min-block-size: var(--nt-target);
        padding: 0 var(--nt-space-2);
        font-size: var(--nt-text-xs);
      }

      .blocks {
        padding: var(--nt-space-2);
        border: 1px solid var(--nt-edge);
        border-radius: var(--nt-radius);
      }

      .heads {
        display: flex;
        flex-wrap: wrap;
        gap: var(--nt-space-1);
        align-items: center;
        margin-block-end: var(--nt-space-1);
        font-size: var(--nt-text-s);
      }

      .heads button {
        min-inline-size: var(--nt-target);
        min-block-size: var(--nt-target);
        padding: 0 var(--nt-space-1);
      }

      .heads button[aria-pressed="true"] {
        color: var(--nt-paper);
        background: var(--nt-ink);
        border-color: var(--nt-ink);
        forced-color-adjust: none;
      }

      pre {
        margin: 0;
        padding: var(--nt-space-2) var(--nt-space-3);
        overflow-x: auto;
        background: var(--nt-wash);
        border-radius: var(--nt-radius);
        font-family: var(--nt-mono);
        font-size: var(--nt-text-s);
        line-height: 1.5;
      }

      .config > * + * {
        margin-block-start: var(--nt-space-2);
      }

      @container (min-width: 54em) {
        .sides {
          grid-template-columns: minmax(0, 7fr) minmax(0, 5fr);
        }

        .module {
          grid-template: "name does shape" auto / calc(10 * var(--nt-em)) minmax(0, 1fr) auto;
          align-items: baseline;
        }
      }
    `,
  ];

  protected override render() {
    const [B, T] = this.input;
    const { before, block, after } = outlineOf(this.config, B, T);
    const { n_layers } = this.config;
    return html`<div class="sides">
      <ol class="flow" aria-label="GPTModel, from the ids to the logits">
        <li class="module">
          <code translate="no">in_idx</code><code translate="no" class="shape">[${B}, ${T}]</code>
          <span class="does">the ids that the model reads</span>
        </li>
        ${before.map((module) => this.#module(module))}
        <li class="blocks">
          <div class="heads" role="group" aria-label="Blocks">
            <span><code translate="no">trf_blocks</code>: ${n_layers} times the same, one behind the other.</span>
            <span>Attention of block</span>
            ${Array.from({ length: n_layers }, (_, layer) => this.#block(layer))}
          </div>
          <ol aria-label="A block">
            ${block.map((module) => this.#module(module))}
          </ol>
          <p class="does">
            What the model would answer if it ended here:
            <button type="button" class="lens" @click=${() => this.#tell("lens-wanted")}>
              Logit lens after block ${this.layer}
            </button>
          </p>
        </li>
        ${after.map((module) => this.#module(module))}
        <li class="module">
          <code translate="no">logits</code>
          <code translate="no" class="shape">[${B}, ${T}, ${this.config.vocab_size}]</code>
          <span class="does">the scores of what may follow each token</span>
        </li>
      </ol>
      <div class="config">
        <p class="caption">The configuration, as the notebook writes it</p>
        <pre translate="no" tabindex="0" role="region" aria-label="Configuration">${this.#python()}</pre>
        <p class="note">
          A name in the diagram opens its module and a shader of it. The layers are counted from
          <span translate="no">0</span>, as Python counts.
        </p>
      </div>
    </div>`;
  }

  #module(module: Module) {
    const { name, does, shape } = module;
    return html`<li class="module">
      <button type="button" class="name" translate="no" @click=${() => this.#tell("module-chosen", module)}>${name}</button>
      <code translate="no" class="shape">${shape}</code>
      <span class="does">${does}</span>
    </li>`;
  }

  #block(layer: number) {
    return html`<button
      type="button"
      translate="no"
      aria-label=${`Attention of block ${layer}`}
      aria-pressed=${layer === this.layer ? "true" : "false"}
      @click=${() => this.#tell("layer-chosen", layer)}
    >
      ${layer}
    </button>`;
  }

  #python(): string {
    const values = Object.entries(this.config).map(([key, value]) => {
      return `    "${key}": ${inPython(value)},`;
    });
    const isNotebooks = changesIn(this.config).length === 0;
    return [`GPT_CONFIG${isNotebooks ? "_124M" : ""} = {`, ...values, "}"].join("\n");
  }

  #tell(name: string, detail?: Module | number) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

define("next-token-diagram", ModelDiagram);
