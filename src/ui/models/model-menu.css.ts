import { css } from "lit";

export const menuStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--nt-space-2);
  }

  .line {
    display: flex;
    flex-wrap: wrap;
    gap: var(--nt-space-2) var(--nt-space-3);
    align-items: center;
  }

  label {
    font-size: var(--nt-text-s);
  }

  .caption {
    font-weight: 600;
  }

  select {
    min-inline-size: 0;
    max-inline-size: 100%;
    color: var(--nt-ink);
    background: var(--nt-paper);
    border: 1px solid var(--nt-edge);
    border-radius: var(--nt-radius);
    font: inherit;
  }

  select,
  input {
    min-block-size: calc(2.25 * var(--nt-em));
    padding-inline: var(--nt-space-2);
  }

  .grow {
    flex: 1 1 calc(12 * var(--nt-em));
    min-inline-size: 0;
    max-inline-size: calc(36 * var(--nt-em));
  }

  [type="number"] {
    inline-size: calc(8.5 * var(--nt-em)); /* what is proposed fits, and arrows */
    font-variant-numeric: tabular-nums;
  }

  .seed {
    inline-size: calc(8 * var(--nt-em));
  }

  .refusal {
    padding-inline-start: var(--nt-space-2);
    border-inline-start: calc(0.25 * var(--nt-em)) solid var(--nt-ink);
    overflow-wrap: anywhere;
  }
`;
