import { css } from "lit";

/** A cell: one column, and two beside each other where there is room, and on paper. */
export const cellStyles = css`
  article {
    padding-inline-start: var(--nt-space-3);
    border-inline-start: calc(0.25 * var(--nt-em)) solid var(--nt-line);
  }

  .agrees {
    border-color: var(--nt-agrees);
  }

  .differs {
    border-color: var(--nt-differs);
  }

  .head {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--nt-space-4);
    align-items: baseline;
    justify-content: space-between;
  }

  h3 {
    margin: 0;
    font-size: var(--nt-text-m);
    font-weight: 600;
  }

  .verdict {
    color: var(--nt-soft);
    font-weight: 600;
    white-space: nowrap;
  }

  .agrees .verdict {
    color: var(--nt-agrees);
  }

  .differs :is(.verdict, .summary) {
    color: var(--nt-differs);
  }

  .head + .note {
    max-inline-size: calc(60 * var(--nt-em));
  }

  .sides {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--nt-space-1) var(--nt-space-6);
    margin-block-start: var(--nt-space-2);
  }

  .side {
    color: var(--nt-soft);
    font-size: var(--nt-text-xs);
  }

  .out {
    margin: 0;
    padding: var(--nt-space-2);
    overflow-x: auto;
    background: var(--nt-wash);
    border-radius: var(--nt-radius);
    font-family: var(--nt-mono);
    font-size: calc(0.93 * var(--nt-text-s)); /* PyTorch's lines of 80 fit beside each other on a laptop */
    font-variant-numeric: tabular-nums;
    line-height: 1.5;
  }

  .prose {
    white-space: pre-wrap;
  }

  .pending {
    color: var(--nt-soft);
  }

  .agrees .ours {
    background: var(--nt-agrees-wash);
  }

  .differs .ours {
    background: var(--nt-differs-wash);
  }

  mark {
    color: var(--nt-paper);
    background: var(--nt-differs);
    font-weight: 600;
    text-decoration: underline wavy;
  }

  .summary {
    min-block-size: 1.45em;
    font-variant-numeric: tabular-nums;
  }

  @container (min-width: 54em) {
    .sides {
      grid-template: auto 1fr auto / repeat(2, minmax(0, 1fr));
      grid-auto-flow: column;
    }

    .summary {
      margin-inline-start: calc(50% + var(--nt-space-3)); /* under ours */
    }
  }

  @media print {
    article {
      break-inside: avoid;
    }

    .out {
      padding: calc(0.25 * var(--nt-em));
      border: 1px solid var(--nt-edge);
      font-size: 5.25pt;
      white-space: pre-wrap;
    }

    next-token-code {
      --nt-text-s: 5.25pt;
    }

    .sides {
      grid-template: auto 1fr auto / repeat(2, minmax(0, 1fr));
      grid-auto-flow: column;
      gap: calc(0.125 * var(--nt-em)) calc(0.75 * var(--nt-em));
    }

    .summary {
      margin-inline-start: calc(50% + var(--nt-space-3)); /* under ours */
    }
  }
`;
