import { css } from "lit";

/** The handout: in points, for paper. */
export const handoutStyles = css`
  :host {
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
    margin: 0.75rem 0 0.25rem;
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
    gap: 0.25rem;
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
    gap: 0 1.5rem;
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
    padding: 0.0625rem 1rem 0.0625rem 0;
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
