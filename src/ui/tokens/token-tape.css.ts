import { css } from "lit";

export const tapeStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
  }

  /* Three lines of chips, or as high as the figure has room: a text that grows moves nothing below it. */
  .scroll {
    position: relative;
    flex: 0 0 auto;
    block-size: calc(9.25 * var(--nt-em));
    margin-block: calc(-1 * var(--nt-space-1));
    padding-block: var(--nt-space-1);
    overflow-y: auto;
  }

  @container (min-width: 52em) {
    .scroll {
      flex: 1 1 0;
    }
  }

  .batch {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
  }

  /* Of a batch every row stays in view, with the end of its text. */
  .batch > .row {
    max-block-size: calc(4.5 * var(--nt-em));
    overflow-y: auto;
  }

  .name {
    padding-inline: var(--nt-space-2) var(--nt-space-3);
    color: var(--nt-soft);
    border-inline-start: calc(0.25 * var(--nt-em)) solid var(--nt-clear);
    font-size: var(--nt-text-xs);
  }

  .name.shown {
    color: var(--nt-ink);
    border-inline-start-color: var(--nt-ink);
    font-weight: 600;
  }

  .block,
  .flowing .row {
    display: flex;
    flex-wrap: wrap;
    gap: var(--nt-space-1);
  }

  /* Neither laid out nor painted again when the text goes on. */
  .closed,
  .closed > .block {
    contain: content;
  }

  .closed > .block,
  .more {
    margin-block-end: var(--nt-space-1);
  }

  .flowing :is(.closed, .block) {
    display: contents;
  }

  .flowing .more {
    flex-basis: 100%;
    margin: 0;
  }

  .token {
    display: grid;
    justify-items: center;
    align-content: start;
    max-inline-size: 100%;
  }

  .position {
    color: var(--nt-soft);
    font-size: var(--nt-text-xs);
    font-variant-numeric: tabular-nums;
    line-height: 1.2;
  }

  .pick {
    display: contents;
    padding: 0;
    border: 0;
    font: inherit;
  }

  .pick:hover .chip {
    text-decoration: underline;
  }

  .pick:focus-visible .chip {
    outline: 2px solid var(--nt-ink);
    outline-offset: 2px;
  }

  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--nt-space-3);
    margin-block-end: var(--nt-space-1);
    font-size: var(--nt-text-xs);
  }

  .legend .chip-text {
    font-size: inherit;
  }

  .swatch {
    display: inline-block;
    inline-size: 0.875em;
    block-size: 0.875em;
    margin-inline-end: 0.35em;
    background: var(--nt-wash);
    border: 1px solid var(--nt-line);
    border-radius: calc(0.125 * var(--nt-em));
    vertical-align: -0.1em;
  }

  .appended .swatch {
    background: var(--nt-paper);
    border-color: var(--nt-accent);
  }

  .decided .swatch {
    background: var(--nt-accent);
    border-color: var(--nt-accent);
    forced-color-adjust: none;
  }

  .batch > * {
    padding-block: var(--nt-space-1);
    border-block-end: 1px solid var(--nt-line);
  }

  .letters {
    position: absolute;
    inset-block-start: 0;
    visibility: hidden;
  }
`;
