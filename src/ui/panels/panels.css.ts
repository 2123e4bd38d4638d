import { css } from "lit";

/** A panel that is closed is one line; what is in it stands below. */
export const panelStyles = css`
  details {
    min-inline-size: 0;
    border-block-start: 1px solid var(--nt-line);
  }

  summary {
    padding-block: var(--nt-space-2);
    font-size: var(--nt-text-s);
    font-weight: 600;
    cursor: pointer;
  }

  summary .note {
    margin-inline-start: var(--nt-space-2);
    font-weight: 400;
  }

  .open {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--nt-space-4);
    padding-block: var(--nt-space-1) var(--nt-space-3);
  }
`;
