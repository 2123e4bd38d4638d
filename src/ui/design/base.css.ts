import { css } from "lit";

/** What every panel starts from: boxes, captions, buttons, fields and the one focus ring. */
export const base = css`
  :host {
    display: block;
  }

  :host([hidden]) {
    display: none !important; /* a page that gives the element another display still hides it so */
  }

  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  h2,
  p,
  ol,
  ul {
    margin: 0;
    padding: 0;
  }

  ol,
  ul {
    list-style: none;
  }

  a {
    color: inherit;
    text-decoration-thickness: 1px;
    text-underline-offset: 0.2em;
  }

  .caption {
    font-size: var(--nt-text-s);
    font-weight: 600;
    line-height: 1.4;
  }

  .note {
    color: var(--nt-soft);
    font-size: var(--nt-text-s);
    line-height: 1.45;
  }

  code {
    font-family: var(--nt-mono);
    font-size: 0.9375em;
    font-weight: 400;
  }

  button,
  input,
  select,
  textarea {
    color: var(--nt-ink);
    background: var(--nt-paper);
    border: 1px solid var(--nt-edge);
    border-radius: var(--nt-radius);
    font: inherit;
  }

  button {
    min-block-size: calc(2.25 * var(--nt-em));
    padding: var(--nt-space-1) var(--nt-space-3);
    cursor: pointer;
  }

  /* Firefox and WebKit always draw a field's arrows, over the last digits of what it holds. The arrow keys do the same. */
  input[type="number"] {
    appearance: textfield;
  }

  input[type="number"]::-webkit-inner-spin-button {
    appearance: none;
  }

  button:hover {
    background: var(--nt-wash);
  }

  button.primary {
    color: var(--nt-paper);
    background: var(--nt-ink);
    border-color: var(--nt-ink);
    font-weight: 600;
  }

  button[aria-disabled="true"] {
    color: var(--nt-soft);
    background: none;
    border-style: dashed;
    cursor: default;
  }

  /* A visitor's own colours: fields and buttons have theirs, and a border drawn for what can be pressed. */
  @media (forced-colors: active) {
    button,
    input,
    select,
    textarea {
      color: FieldText;
      background: Field;
      border-color: ButtonBorder;
    }

    button {
      color: ButtonText;
      background: ButtonFace;
    }

    button:hover {
      color: Highlight;
      border-color: Highlight;
    }

    button.primary {
      color: ButtonFace;
      background: ButtonText;
      border-color: ButtonText;
      forced-color-adjust: none;
    }

    button.primary:hover {
      color: HighlightText;
      background: Highlight;
      border-color: Highlight;
    }

    button[aria-disabled="true"] {
      color: GrayText;
      background: ButtonFace;
      border-color: GrayText;
    }
  }

  :focus-visible {
    outline: 2px solid var(--nt-ink);
    outline-offset: 2px;
  }

  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
