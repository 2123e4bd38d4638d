import { css, html, LitElement } from "lit";
import { state } from "lit/decorators.js";
import type { ProfiledDispatch } from "../../index.ts";
import { base } from "../design/base.css.ts";
import "../design/code/code-view.ts";
import { define } from "../element/define.ts";
import { counterpartIn, referencesOf, type ShaderPart, shaderParts } from "./shader-parts.ts";

/** A module of the model as the dialog shows it, by the paths of its files. */
interface ShownModule {
  name: string;
  file: string;
  shader: string;
}

const unavailable = html`<p class="note side">It could not be loaded. Check the connection and reload the page.</p>`;

/** One dispatch in full: the very shader that ran, or what ran in its place, its constants, and the plain reference. */
export class ShaderDialog extends LitElement {
  @state() accessor dispatch: ProfiledDispatch | undefined;
  @state() accessor parts: ShaderPart[] = [];
  @state() accessor references: ShaderPart[] = [];
  /** What ran in the shader's place, where the processor computes. */
  @state() accessor counterpart: ShaderPart | undefined;
  /** What is shown where no dispatch is: a module of the model, and its shader. */
  @state() accessor module: ShownModule | undefined;
  /** The highlighted files did not come: the shader is shown plain. */
  @state() accessor failed = false;

  static override styles = [
    base,
    css`
      dialog {
        inline-size: min(100 * var(--nt-em), 100vw - 2 * var(--nt-em));
        max-inline-size: none;
        block-size: min(60 * var(--nt-em), 100dvh - 2 * var(--nt-em));
        max-block-size: none;
        padding: 0;
        color: var(--nt-ink);
        background: var(--nt-paper);
        border: 1px solid var(--nt-edge);
        border-radius: var(--nt-radius);
      }

      dialog::backdrop {
        background: rgb(0 0 0 / 45%);
      }

      .content {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        block-size: 100%;
        container-type: inline-size;
      }

      header {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: var(--nt-space-2) var(--nt-space-4);
        align-items: start;
        padding: var(--nt-space-3) var(--nt-space-4);
        border-block-end: 1px solid var(--nt-line);
      }

      h2 {
        font-size: var(--nt-text-m);
        overflow-wrap: anywhere;
      }

      dl {
        grid-column: 1 / -1;
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--nt-space-4);
        margin: 0;
        font-size: var(--nt-text-xs);
        font-variant-numeric: tabular-nums;
      }

      dl div {
        display: flex;
        gap: var(--nt-space-1);
      }

      dt {
        color: var(--nt-soft);
      }

      dd {
        margin: 0;
        font-family: var(--nt-mono);
      }

      .code {
        display: grid;
        align-content: start;
        overflow: auto;
      }

      .side {
        min-inline-size: 0;
        padding-block: var(--nt-space-3);
      }

      h3 {
        margin: 0;
        padding: var(--nt-space-1) var(--nt-space-4);
        color: var(--nt-soft);
        font-family: var(--nt-mono);
        font-size: var(--nt-text-xs);
        font-weight: 400;
      }

      .side > .caption {
        padding-inline: var(--nt-space-4);
      }

      next-token-code {
        padding-inline: var(--nt-space-2);
        --nt-text-s: max(0.8125 * var(--nt-em), 12px);
      }

      @container (min-width: 64em) {
        .code {
          grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
          grid-template-rows: minmax(0, 1fr);
          align-content: stretch;
          overflow: hidden;
        }

        .side {
          overflow: auto;
        }

        .side + .side {
          border-inline-start: 1px solid var(--nt-line);
        }
      }
    `,
  ];

  override render() {
    return html`<dialog aria-labelledby="title" @click=${this.#closeOutside}>
      ${this.dispatch ? this.#content(this.dispatch) : ""} ${this.module ? this.#moduleContent(this.module) : ""}
    </dialog>`;
  }

  #content({ kernel, module, workgroups, dims, constants }: ProfiledDispatch) {
    const list = (values: Readonly<Record<string, number>>) =>
      Object.entries(values).map(
        ([name, value]) => html`<div><dt>${name}</dt><dd translate="no">${value}</dd></div>`,
      );
    return html`<div class="content">
      <header>
        <h2 id="title">${kernel}${module ? html` for <code translate="no">${module}</code>` : ""}</h2>
        <button type="button" @click=${this.#close}>Close</button>
        <dl>
          <div><dt>workgroups</dt><dd translate="no">${workgroups.join(" × ")}</dd></div>
          ${list(dims)}
        </dl>
        <dl aria-label="Constants">${list(constants)}</dl>
      </header>
      <div class="code">
        <section class="side" aria-label="Shader">
          ${this.counterpart ? this.#onProcessor(this.counterpart) : html`<p class="caption">The WGSL that ran</p>`}
          ${this.parts.map((part, i) => this.#part(part, i))}
        </section>
        <section class="side" aria-label="Reference">
          <p class="caption">The same in plain TypeScript, which the tests compare it with</p>
          ${this.failed ? unavailable : this.references.map((part, i) => this.#part(part, i))}
        </section>
      </div>
    </div>`;
  }

  #onProcessor(counterpart: ShaderPart) {
    return html`<p class="caption">The AssemblyScript that ran, compiled to WebAssembly</p>
      ${this.#part(counterpart, 0)}
      <p class="caption">The WGSL that runs in its place on a GPU</p>`;
  }

  #moduleContent({ name }: ShownModule) {
    return html`<div class="content">
      <header>
        <h2 id="title"><code translate="no">${name}</code></h2>
        <button type="button" @click=${this.#close}>Close</button>
      </header>
      <div class="code">
        <section class="side" aria-label="Shader">
          <p class="caption">A shader that computes it</p>
          ${this.failed ? unavailable : this.parts.map((part, i) => this.#part(part, i))}
        </section>
        <section class="side" aria-label="Module">
          <p class="caption">The module, which writes its dispatches down</p>
          ${this.references.map((part, i) => this.#part(part, i))}
        </section>
      </div>
    </div>`;
  }

  #part({ file, lines }: ShaderPart, i: number) {
    return html`${file ? html`<h3>${file}</h3>` : ""}
      <next-token-code .lines=${lines} label=${file ?? `Part ${i + 1}`}></next-token-code>`;
  }

  /** Opens on one dispatch. The focus goes back where it was when the dialog is closed. */
  async show(dispatch: ProfiledDispatch): Promise<void> {
    this.dispatch = dispatch;
    this.module = undefined;
    this.parts = shaderParts(dispatch.wgsl, {});
    this.references = [];
    this.counterpart = undefined;
    this.failed = false;
    await this.updateComplete;
    this.#dialog.showModal();
    try {
      const { shaders, references, assembly } = await import("./sources.ts");
      if (this.dispatch !== dispatch) return; // another was opened meanwhile
      this.counterpart = dispatch.counterpart ? counterpartIn(assembly, dispatch.counterpart) : undefined;
      this.parts = shaderParts(dispatch.wgsl, shaders);
      this.references = referencesOf(dispatch.wgsl).map((file) => ({ file, lines: references[file] ?? [] }));
      await this.updateComplete;
      if (!this.counterpart) this.#showKernel();
    } catch {
      this.failed = true;
    }
  }

  /** Opens on a module of the model: its own file, and a shader of it. */
  async showModule(module: ShownModule): Promise<void> {
    this.dispatch = undefined;
    this.module = module;
    this.parts = [];
    this.references = [];
    this.failed = false;
    await this.updateComplete;
    this.#dialog.showModal();
    try {
      const { shaders, modules } = await import("./sources.ts");
      if (this.module !== module) return;
      this.parts = [{ file: module.shader, lines: shaders[module.shader]! }];
      this.references = [{ file: module.file, lines: modules[module.file]! }];
    } catch {
      this.failed = true;
    }
  }

  /** The kernel's own file comes into view: what stands in front of it, parts that it shares with others, can be scrolled to. */
  #showKernel() {
    const own = this.parts.findLastIndex(({ file }) => file && !file.startsWith("shaders/parts/"));
    const heads = [...this.renderRoot.querySelectorAll('[aria-label="Shader"] > h3')];
    const before = this.parts.slice(0, own).filter(({ file }) => file).length;
    heads[before]?.scrollIntoView({ block: "start" });
  }

  get #dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector("dialog")!;
  }

  #close() {
    this.#dialog.close();
  }

  /** A click beside the content is one on the dialog itself: on its backdrop. */
  #closeOutside({ target }: Event) {
    if (target === this.#dialog) this.#close();
  }
}

define("next-token-shader-dialog", ShaderDialog);

declare global {
  interface HTMLElementTagNameMap {
    "next-token-shader-dialog": ShaderDialog;
  }
}
