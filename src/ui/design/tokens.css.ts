import { css, unsafeCSS } from "lit";
import { registerEm } from "./em.ts";
import { dark, light, type Palette } from "./palette.ts";
import { sizes } from "./sizes.css.ts";

registerEm();

const colour = (name: keyof Palette) => unsafeCSS(`light-dark(${light[name]}, ${dark[name]})`);

/**
 * The design tokens (docs/design-language.md), set on the public element and inherited by its panels.
 * `light-dark()` follows the color-scheme of the page around the element, not the system's behind the page's back.
 */
export const tokens = css`
  :host {
    --nt-paper: var(--next-token-paper, ${colour("paper")});
    --nt-wash: ${colour("wash")};
    --nt-ink: ${colour("ink")};
    --nt-soft: ${colour("soft")};
    --nt-line: ${colour("line")};
    --nt-edge: ${colour("edge")};
    --nt-bar: ${colour("bar")};
    --nt-heat: ${colour("heat")};
    --nt-accent: var(--next-token-accent, ${colour("accent")});
    --nt-accent-wash: ${colour("accentWash")};
    --nt-on-accent: var(--next-token-on-accent, ${colour("onAccent")});
    --nt-clear: transparent; /* an edge that keeps its place and is not seen */

    --nt-code-keyword: ${colour("codeKeyword")};
    --nt-code-type: ${colour("codeType")};
    --nt-code-number: ${colour("codeNumber")};
    --nt-code-string: ${colour("codeString")};
    --nt-code-function: ${colour("codeFunction")};

    --nt-sans: var(--next-token-font, system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif);
    --nt-mono: var(--next-token-mono, ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace);

    ${sizes}

    --nt-quick: 160ms;
  }

  @media (prefers-reduced-motion: reduce) {
    :host {
      --nt-quick: 0ms;
    }
  }

  @media (prefers-contrast: more) {
    :host {
      --nt-soft: ${colour("ink")};
      --nt-line: ${colour("edge")};
      --nt-edge: ${colour("ink")};
      --nt-bar: ${colour("heat")};
    }
  }

  /*
   * The system's colours, where it has the say. It replaces any other, a transparent edge too. What is filled so that it
   * tells something also sets forced-color-adjust, or text on it stands on a patch of the page's colour.
   */
  @media (forced-colors: active) {
    :host {
      --nt-paper: Canvas;
      --nt-wash: Canvas;
      --nt-ink: CanvasText;
      --nt-soft: CanvasText;
      --nt-line: CanvasText;
      --nt-edge: CanvasText;
      --nt-bar: CanvasText;
      --nt-heat: CanvasText;
      --nt-accent: Highlight;
      --nt-accent-wash: Canvas;
      --nt-on-accent: HighlightText;
      --nt-clear: Canvas;

      --nt-code-keyword: CanvasText;
      --nt-code-type: CanvasText;
      --nt-code-number: CanvasText;
      --nt-code-string: CanvasText;
      --nt-code-function: CanvasText;
    }
  }
`;
