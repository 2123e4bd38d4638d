import { css, unsafeCSS } from "lit";
import { dark, light, type Palette } from "./palette.ts";

const colour = (name: keyof Palette) => unsafeCSS(`light-dark(${light[name]}, ${dark[name]})`);

/**
 * The design tokens (docs/design-language.md), set on the public element and inherited by its rooms.
 * `light-dark()` follows the color-scheme of the page around the element, not the system's behind the page's back.
 */
export const tokens = css`
  :host {
    --nt-paper: ${colour("paper")};
    --nt-wash: ${colour("wash")};
    --nt-ink: ${colour("ink")};
    --nt-soft: ${colour("soft")};
    --nt-line: ${colour("line")};
    --nt-edge: ${colour("edge")};
    --nt-bar: ${colour("bar")};
    --nt-heat: ${colour("heat")};
    --nt-accent: ${colour("accent")};
    --nt-accent-wash: ${colour("accentWash")};
    --nt-on-accent: ${colour("onAccent")};

    --nt-code-keyword: ${colour("codeKeyword")};
    --nt-code-type: ${colour("codeType")};
    --nt-code-number: ${colour("codeNumber")};
    --nt-code-string: ${colour("codeString")};
    --nt-code-function: ${colour("codeFunction")};

    --nt-sans: system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
    --nt-mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;

    --nt-text-xs: 0.75rem;
    --nt-text-s: 0.875rem;
    --nt-text-m: 1rem;
    --nt-text-l: 1.25rem;

    --nt-space-1: 0.25rem;
    --nt-space-2: 0.5rem;
    --nt-space-3: 0.75rem;
    --nt-space-4: 1rem;
    --nt-space-6: 1.5rem;

    --nt-radius: 0.25rem;
    --nt-quick: 160ms;
  }

  @media (prefers-reduced-motion: reduce) {
    :host {
      --nt-quick: 0ms;
    }
  }
`;
