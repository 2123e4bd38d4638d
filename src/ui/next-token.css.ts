import { css } from "lit";

/** The plan of the figure: one column, and two where its own box, not the window, is wide enough. */
export const layout = css`
  :host {
    container-type: inline-size;
    color: var(--nt-ink);
    background: var(--nt-paper);
    font-family: var(--nt-sans);
    font-size: var(--nt-text-m);
    line-height: 1.45;
  }

  .figure {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--nt-space-4);
    padding: var(--nt-space-4);
    border: 1px solid var(--nt-line);
    border-radius: var(--nt-radius);
  }

  .ask {
    display: grid;
    gap: var(--nt-space-3);
  }

  .idx,
  .candidates {
    min-inline-size: 0;
    padding-block-start: var(--nt-space-4);
    border-block-start: 1px solid var(--nt-line);
  }

  .idx {
    display: grid;
    gap: var(--nt-space-3);
    align-content: start;
  }

  @container (min-width: 54rem) {
    .figure {
      grid-template:
        "ask candidates" auto
        "idx candidates" 1fr
        / minmax(0, 4fr) minmax(22rem, 3fr);
      gap: var(--nt-space-4) var(--nt-space-6);
    }

    .ask {
      grid-area: ask;
    }

    .idx {
      grid-area: idx;
    }

    .candidates {
      grid-area: candidates;
      min-block-size: 24rem; /* the table's, so that nothing jumps when it comes */
      padding-block-start: 0;
      padding-inline-start: var(--nt-space-6);
      border-block-start: 0;
      border-inline-start: 1px solid var(--nt-line);
    }
  }
`;
