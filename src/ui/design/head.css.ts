import { css } from "lit";

/** What stands above a part of the figure: its caption, and a note beside it. */
export const headStyles = css`
  .head {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--nt-space-3);
    align-items: baseline;
    margin-block-end: var(--nt-space-1);
  }
`;
