import { css } from "lit";

/**
 * The frame holds the page's own content, in the page's language and direction, and the figure, which is English and
 * runs from left to right on any page, as code and shapes do. The figure has one column, and two where its own box, not
 * the window, is wide enough.
 */
export const layout = css`
  :host {
    container-type: inline-size;
    color: var(--nt-ink);
    background: var(--nt-paper);
    font-family: var(--nt-sans);
    font-size: var(--nt-text-m);
    line-height: 1.45;
  }

  .frame,
  .figure {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--nt-space-3);
  }

  /*
   * Nothing moves while tokens come as fast as they can: nobody could follow, and on two processors that compute the
   * model as well, drawing the bars on their way took a seventh of a token's time.
   */
  .fast {
    --nt-quick: 0ms;
  }

  .frame {
    padding: var(--nt-space-3) var(--nt-space-4);
    border: 1px solid var(--nt-line);
    border-radius: var(--nt-radius);
  }

  :host([dropping]) .frame {
    border: 1px dashed var(--nt-ink);
  }

  section {
    min-inline-size: 0;
  }

  .ask,
  .idx {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--nt-space-2);
    align-content: start;
  }

  .idx,
  .loop,
  .candidates {
    padding-block-start: var(--nt-space-3);
    border-block-start: 1px solid var(--nt-line);
  }

  .loop,
  .candidates {
    container-type: inline-size;
  }

  .row {
    display: inline-flex;
    gap: var(--nt-space-2);
    align-items: center;
    margin-block-end: var(--nt-space-2);
    font-size: var(--nt-text-s);
  }

  .room {
    min-inline-size: 0;
  }

  next-token-models {
    border-block-start: 1px solid var(--nt-line);
    margin-block-end: calc(-1 * var(--nt-space-3)); /* the rooms follow without a gap */
  }

  @container (min-width: 54rem) {
    .figure {
      grid-template-columns: minmax(0, 7fr) minmax(0, 5fr);
      gap: var(--nt-space-3) var(--nt-space-6);
    }

    /* The first view holds prompt, text, stations and candidates: a long text scrolls in its own box. */
    .idx {
      --nt-tape-height: 12rem;

      padding-block-start: 0;
      border-block-start: 0;
    }

    .candidates {
      min-block-size: 24rem; /* the table's, so that nothing jumps when it comes */
    }

    .room {
      grid-column: 1 / -1;
    }
  }
`;
