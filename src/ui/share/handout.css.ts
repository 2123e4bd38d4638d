import { css } from "lit";
import { ownLooks } from "../design/own-looks.css.ts";

/** The handout: in points, for paper. */
export const handoutStyles = css`
  :host {
    ${ownLooks}
    display: none;
  }

  @media print {
    :host {
      display: block;
      font-size: 10pt;
    }
  }

  h2,
  h3 {
    margin: calc(0.75 * var(--nt-em)) 0 calc(0.25 * var(--nt-em));
    font-size: 11pt;
    break-after: avoid;
  }

  p,
  li,
  td,
  th {
    font-size: 9pt;
  }

  ol {
    display: flex;
    flex-wrap: wrap;
    gap: calc(0.25 * var(--nt-em));
  }

  .chip {
    min-inline-size: 0;
    border: 1px solid var(--nt-line);
    break-inside: avoid;
  }

  .chip-text {
    font-size: 9pt;
  }

  .chip-id {
    font-size: 7pt;
  }

  .appended .chip {
    border: 2px solid var(--nt-accent); /* printers leave backgrounds out */
  }

  .tables {
    display: flex;
    flex-wrap: wrap;
    gap: 0 calc(1.5 * var(--nt-em));
  }

  table {
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }

  thead {
    display: table-header-group; /* again on every sheet */
  }

  tr {
    break-inside: avoid;
  }

  th,
  td {
    padding: calc(0.0625 * var(--nt-em)) var(--nt-em) calc(0.0625 * var(--nt-em)) 0;
    border-block-end: 1px solid var(--nt-line);
    text-align: start;
    white-space: nowrap;
  }

  .number {
    text-align: end;
  }

  .token {
    font-family: var(--nt-mono);
    white-space: normal;
    overflow-wrap: anywhere;
  }

  .likeliest {
    break-inside: avoid;
  }
`;
