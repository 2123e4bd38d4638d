import { css } from "lit";

/**
 * Declarations for what the element draws: no style of text that the page around it has set comes in, except the
 * font's size and the colour scheme, and what hides the element or makes it deaf. They stand on boxes that the page's
 * rules do not reach, since a rule for every element of the page would go before those of `:host`.
 */
export const ownLooks = css`
  all: initial;
  color: var(--nt-ink);
  color-scheme: inherit;
  font-family: var(--nt-sans);
  font-size: var(--nt-text-m);
  line-height: 1.45;
  -webkit-text-size-adjust: 100%;
  text-size-adjust: 100%;
  -webkit-user-select: text;
  user-select: text;
  visibility: inherit;
  pointer-events: inherit;
  interactivity: inherit;
`;
