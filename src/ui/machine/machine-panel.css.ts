import { css } from "lit";

export const machineStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--nt-space-3);
    container-type: inline-size;
  }

  .opening {
    display: flex;
    flex-wrap: wrap;
    gap: var(--nt-space-2) var(--nt-space-4);
    align-items: center;
  }

  .opening .note {
    flex: 1 1 calc(24 * var(--nt-em));
  }

  .choice {
    display: grid;
    gap: var(--nt-space-2);
  }

  .choice .caption {
    margin: 0;
  }

  .outdated {
    color: var(--nt-ink);
    font-weight: 600;
  }

  .facts {
    display: flex;
    flex-wrap: wrap;
    gap: var(--nt-space-2) var(--nt-space-6);
    margin: 0;
  }

  .facts dt {
    color: var(--nt-soft);
    font-size: var(--nt-text-xs);
  }

  .facts dd {
    margin: 0;
    font-variant-numeric: tabular-nums;
    font-weight: 600;
  }

  .tables {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--nt-space-6);
    align-items: start;
  }

  /* With every group open a deep model has hundreds of rows. */
  .scroll {
    max-block-size: calc(60 * var(--nt-em));
    overflow: auto;
  }

  table {
    inline-size: 100%;
    border-collapse: collapse;
    font-size: var(--nt-text-s);
    font-variant-numeric: tabular-nums;
  }

  caption {
    margin-block-end: var(--nt-space-2);
    text-align: start;
  }

  thead th {
    padding-block-end: var(--nt-space-1);
    color: var(--nt-soft);
    border-block-end: 1px solid var(--nt-line);
    font-size: var(--nt-text-xs);
    font-weight: 400;
    text-align: start;
  }

  tbody th {
    padding: 0;
    font-weight: 400;
    text-align: start;
  }

  th.number,
  td.number {
    padding-inline-start: var(--nt-space-3);
    text-align: end;
    white-space: nowrap;
  }

  th.bar {
    padding-inline-start: var(--nt-space-4);
  }

  td.bar {
    inline-size: 30%;
    padding-inline-start: var(--nt-space-4);
  }

  td.bar div {
    display: flex;
    gap: var(--nt-space-2);
    align-items: center;
  }

  td.bar span {
    min-inline-size: calc(4 * var(--nt-em));
    text-align: end;
    white-space: nowrap;
  }

  svg {
    flex: 1;
    inline-size: 0;
    block-size: calc(0.625 * var(--nt-em));
  }

  rect {
    fill: var(--nt-bar);
  }

  tbody button {
    inline-size: 100%;
    min-block-size: var(--nt-target);
    padding: calc(0.0625 * var(--nt-em)) var(--nt-space-1);
    background: none;
    border: 0;
    overflow-wrap: break-word;
    text-align: start;
  }

  tbody button:hover {
    background: var(--nt-wash);
  }

  .group button {
    white-space: nowrap;
  }

  .group button::before {
    display: inline-block;
    inline-size: var(--nt-em);
    color: var(--nt-soft);
    content: "▸" / "";
  }

  .group button[aria-expanded="true"]::before {
    content: "▾" / "";
  }

  .dispatch button {
    text-decoration: underline dotted from-font;
    text-underline-offset: 0.2em;
  }

  .group + tr .dispatch button,
  tr:not(.group) + tr .dispatch button {
    padding-inline-start: calc(1.25 * var(--nt-em));
  }

  .kernel {
    color: var(--nt-soft);
  }

  @container (max-width: 40em) {
    .wide {
      display: none;
    }

    tbody th {
      min-inline-size: calc(6.5 * var(--nt-em));
    }

    td.bar {
      inline-size: auto;
    }

    td.bar div {
      flex-direction: column-reverse;
      gap: 0;
      align-items: stretch;
    }

    td.bar svg {
      flex: none;
      inline-size: 100%;
      block-size: calc(0.375 * var(--nt-em));
    }

    th.number,
    td.number,
    th.bar,
    td.bar {
      padding-inline-start: var(--nt-space-1);
    }
  }

  @container (min-width: 80em) {
    .tables {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    }
  }
`;
