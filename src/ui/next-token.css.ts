import { css } from "lit";
import { ownLooks } from "./design/own-looks.css.ts";
import { sizes } from "./design/sizes.css.ts";

/**
 * The element is as wide as the page lets it be. Where a page asks how wide it wants to be (in a row, a float, the cell of
 * a table) the box answers, with two lines that are not seen: as wide as can be, and at least a phone's width. The frame
 * could not, since its own width is what the layout goes by. As a letter in a line the box keeps lines under text, initials and
 * first lines of the page out.
 *
 * The frame holds the page's own content, in the page's language, direction and looks, and the figure, which is English
 * and runs from left to right on any page, as code and shapes do. The figure has one column, and two where its own box,
 * not the window, is wide enough.
 */
export const layout = css`
  :host {
    box-sizing: border-box;
    min-inline-size: 0;
    text-indent: 0 !important; /* the box fills its line */
    writing-mode: horizontal-tb;
  }

  .box {
    display: inline-block;
    inline-size: 100%;
    vertical-align: top;
  }

  .box::before,
  .box::after {
    display: block;
    block-size: 0;
    overflow: hidden;
    visibility: hidden;
    white-space: normal;
  }

  .box::before {
    content: "·";
    letter-spacing: min(20 * var(--nt-em), 100vw - 4 * var(--nt-em));
  }

  .box::after {
    content: "· ·";
    letter-spacing: 0;
    word-spacing: min(90 * var(--nt-em), 100vw - 4 * var(--nt-em));
  }

  .figure {
    ${ownLooks}

    --nt-covered: 0px;
    --nt-gap: var(--next-token-gap, var(--nt-space-3));
  }

  .frame,
  .figure {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--next-token-gap, var(--nt-space-3));
  }

  /*
   * Nothing moves while tokens come as fast as they can: nobody could follow, and on two processors that compute the
   * model as well, drawing the bars on their way took a seventh of a token's time.
   */
  .fast {
    --nt-quick: 0ms;
  }

  .frame {
    container-type: inline-size;
    padding: var(--next-token-padding, var(--nt-space-3) var(--nt-space-4));
    color: var(--nt-ink);
    background: var(--nt-paper);
    border: var(--next-token-border, 1px solid);
    border-color: var(--nt-line);
    border-radius: var(--nt-radius);
    font-size: var(--nt-text-m);
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
    padding-block-start: var(--nt-space-2);
    border-block-start: 1px solid var(--nt-line);
  }

  .loop,
  .candidates {
    container-type: inline-size;
  }

  /* What goes on has its room from the start: a sentence or two, how fast it was, or how far a model has come. */
  .state {
    display: flex;
    flex-direction: column;
    gap: var(--nt-space-1);
    block-size: calc(8.5 * var(--nt-em));
    overflow: hidden auto;
  }

  /* The places of its parts are those of the figure. */
  .lesson {
    display: contents;
  }

  .run {
    display: flex;
    flex-wrap: wrap;
    gap: var(--nt-space-2) var(--nt-space-3);
    align-items: center;
  }

  .about {
    color: var(--nt-soft);
    font-size: var(--nt-text-s);
    line-height: 1.45;
  }

  .inline {
    min-block-size: var(--nt-target);
    padding-block: 0;
  }

  /* Where the steps are longer than the screen, the buttons that walk them stay in sight. */
  @container (max-width: 46em) {
    .lesson {
      --nt-covered: calc(7 * var(--nt-em)); /* by the buttons, of what is scrolled to */

      display: flex;
      flex-direction: column;
      gap: var(--nt-gap);
      min-inline-size: 0;
    }

    .ask,
    .run {
      display: contents;
    }

    next-token-controls {
      position: sticky;
      inset-block-start: 0;
      z-index: 1;
      padding-block: var(--nt-space-2);
      background: var(--nt-paper);
    }
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--nt-space-3);
    margin: 0 0 var(--nt-space-1);
    padding: 0;
    border: 0;
    font-size: var(--nt-text-s);
  }

  .row legend {
    float: inline-start; /* in the line of its choices */
    padding: 0;
    font-weight: 600;
  }

  .row label {
    display: inline-flex;
    gap: var(--nt-space-1);
    align-items: center;
    min-block-size: var(--nt-target);
  }

  .row input {
    margin: 0;
    accent-color: var(--nt-ink);
  }

  .panel {
    min-inline-size: 0;
  }

  next-token-models:not(.unnamed) {
    border-block-start: 1px solid var(--nt-line);
    margin-block-end: calc(-1 * var(--nt-gap)); /* the panels follow without a gap */
  }

  @container (min-width: 30em) {
    .state {
      block-size: calc(5.25 * var(--nt-em));
    }
  }

  /* A box of 300 pixels: room is worth more than air. What is in it counts as that up to 17.75em, which this makes of 16.75. */
  @container (max-width: 16.75em) {
    .figure {
      margin-inline: calc(-1 * var(--nt-space-2));
    }
  }

  /* A slide: read from the last row. What is in the figure goes with its font size, as the element goes with its own. */
  @container (min-width: 100em) {
    .figure {
      font-size: calc(1.375 * var(--nt-em));
    }

    .figure > * {
      ${sizes}
    }
  }

  @container (min-width: 52em) {
    .figure {
      grid-template-columns: minmax(0, 7fr) minmax(0, 5fr);
      --nt-gap: var(--next-token-gap, var(--nt-space-2));

      gap: var(--nt-gap) var(--nt-space-6);
    }

    /* As high as what stands beside it, so that a text which grows moves nothing: it scrolls in its own box. */
    .idx {
      grid-template-rows: minmax(0, 1fr);
      contain: size;
      min-block-size: calc(12 * var(--nt-em)); /* where nothing high stands beside it */
      padding-block-start: 0;
      border-block-start: 0;
    }

    /* What has nothing beside it, because the page chose its panels, is as wide as the figure. */
    .ask:only-of-type,
    .ask:has(+ .loop + .candidates),
    .idx + :is(.loop, .candidates):last-of-type {
      grid-column: 1 / -1;
    }

    .candidates {
      min-block-size: calc(24 * var(--nt-em)); /* the table's, so that nothing jumps when it comes */
    }

    .about,
    next-token-training-strip,
    .panel {
      grid-column: 1 / -1;
    }
  }
`;
