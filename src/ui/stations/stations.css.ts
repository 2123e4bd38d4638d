import { css } from "lit";

export const stationStyles = css`
  li {
    display: grid;
    grid-template:
      "button code shape" auto
      "value value value" auto
      / calc(14 * var(--nt-em)) minmax(0, 1fr) auto;
    gap: 0 var(--nt-space-2);
    align-items: start;
    padding-block: calc(0.0625 * var(--nt-em)) calc(0.125 * var(--nt-em));
    padding-inline: var(--nt-space-2);
    border-block-start: 1px solid var(--nt-line);
    border-inline-start: calc(0.25 * var(--nt-em)) solid var(--nt-clear);
    font-size: var(--nt-text-s);
    scroll-margin-block-start: var(--nt-covered);
  }

  li.now {
    background: var(--nt-wash);
    border-inline-start-color: var(--nt-ink);
  }

  li.now .chip {
    background: var(--nt-paper);
  }

  li.now .decided .chip {
    background: var(--nt-accent);
  }

  .step {
    grid-area: button;
    display: flex;
    gap: var(--nt-space-2);
    align-items: baseline;
    min-block-size: var(--nt-target);
    padding: 0;
    background: none;
    border: 0;
    font-size: var(--nt-text-s);
    font-weight: 600;
    line-height: 1.35;
    text-align: start;
  }

  .step:hover:not([aria-disabled="true"]) .name {
    text-decoration: underline;
  }

  .step[aria-disabled="true"] {
    font-weight: 400;
  }

  .number {
    min-inline-size: 1em;
    color: var(--nt-soft);
    font-weight: 400;
    font-variant-numeric: tabular-nums;
  }

  .code {
    grid-area: code;
    overflow: hidden;
    color: var(--nt-soft);
    font-size: max(0.8125 * var(--nt-em), 12px);
    line-height: 1.6;
    text-overflow: ellipsis;
    white-space: pre;
  }

  .shape {
    grid-area: shape;
    font-size: max(0.8125 * var(--nt-em), 12px);
    line-height: 1.6;
    white-space: nowrap;
  }

  .ahead .shape {
    color: var(--nt-soft);
  }

  /* As many lines as what stands there in any state, so that the steps below do not jump. */
  li {
    --lines: 1;
  }

  li:is(:nth-child(2), :nth-child(3)),
  .long li:nth-child(4) {
    --lines: 2;
  }

  .value {
    grid-area: value;
    display: flex;
    gap: 0 var(--nt-space-3);
    align-items: start;
    min-inline-size: 0;
    block-size: calc(var(--lines) * 1.35em + 2px);
    margin-inline-start: calc(1em + var(--nt-space-2)); /* below the step's name */
    overflow: hidden auto;
    overflow-wrap: anywhere;
    font-variant-numeric: tabular-nums;
    line-height: 1.35;
  }

  li:nth-child(7) .value {
    min-block-size: var(--nt-target); /* its button's */
  }

  .sentence {
    flex: 1 1 0;
    min-inline-size: 0;
  }

  .soft,
  .ahead .value {
    color: var(--nt-soft);
  }

  /* One line; what does not fit is cut off in front. */
  .chips {
    display: inline-flex;
    flex: 0 1 auto;
    gap: var(--nt-space-1);
    align-items: center;
    justify-content: flex-end;
    max-inline-size: 56%;
    overflow: hidden;
    white-space: nowrap;
  }

  .chips > * {
    flex: none;
  }

  .chip {
    flex-direction: row;
    gap: calc(0.375 * var(--nt-em));
    align-items: baseline;
    min-inline-size: 0;
    padding: 0 calc(0.3125 * var(--nt-em));
  }

  .chip-text {
    font-size: max(0.8125 * var(--nt-em), 12px);
  }

  .logit-strip {
    flex: 0 1 calc(8 * var(--nt-em));
    min-inline-size: 0;
    block-size: calc(1.5 * var(--nt-em));
    border-block-end: 1px solid var(--nt-edge);
  }

  rect {
    fill: var(--nt-bar);
  }

  .which {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.35em;
    align-items: baseline;
  }

  .which input {
    inline-size: calc(3.5 * var(--nt-em));
    min-block-size: var(--nt-target);
    padding-inline: var(--nt-space-1);
    font-variant-numeric: tabular-nums;
  }

  .next {
    flex: none;
    min-block-size: var(--nt-target);
    padding-block: 0;
  }

  .head {
    min-block-size: calc(1.5 * var(--nt-em) + 2px);
  }

  @container (max-width: 46em) {
    li {
      --lines: 2;
    }

    li:is(:nth-child(2), :nth-child(3), :nth-child(4)),
    .long li:nth-child(4) {
      --lines: 3;
    }

    .head {
      min-block-size: calc(4.5 * var(--nt-em));
    }

    .head .note {
      flex-basis: 100%;
    }
  }

  @container (max-width: 34em) {
    li {
      --lines: 3;

      grid-template:
        "button shape" auto
        "code code" auto
        "value value" auto
        / minmax(0, 1fr) auto;
    }

    li:is(:nth-child(2), :nth-child(3), :nth-child(7)) {
      --lines: 4;
    }

    .long li:nth-child(4) {
      --lines: 5;
    }

    .value {
      flex-direction: column;
      margin-inline-start: 0;
    }

    .chips {
      max-inline-size: 100%;
    }

    .sentence,
    .logit-strip {
      flex: none;
      max-inline-size: 100%;
    }

    .logit-strip {
      block-size: calc(1.125 * var(--nt-em));
    }

    .head {
      min-block-size: calc(6 * var(--nt-em));
    }
  }

  @container (max-width: 22em) {
    li,
    li:nth-child(4) {
      --lines: 4;
    }

    li:is(:nth-child(2), :nth-child(3), :nth-child(7)) {
      --lines: 5;
    }

    .long li:nth-child(4) {
      --lines: 6;
    }
  }

  @container (max-width: 18em) {
    .step {
      min-block-size: 2.9em;
    }

    li,
    li:is(:nth-child(4), :nth-child(7)) {
      --lines: 5;
    }

    li:is(:nth-child(2), :nth-child(3)),
    .long li:nth-child(4) {
      --lines: 7;
    }

    .head {
      min-block-size: calc(8 * var(--nt-em));
    }
  }

  /* In a box of 300 pixels the step at work is open, the first one before any is; the others are their names. */
  @container (max-width: 17.75em) {
    .code {
      min-block-size: calc(2 * 1.6em); /* as step 3 has it: the list stays as long as it is */
    }

    ol:has(.now) li:not(.now) :is(.code, .value),
    ol:not(:has(.now)) li:not(:first-child) :is(.code, .value) {
      display: none;
    }

    ol li.now,
    ol li:first-child {
      --lines: 7;
    }
  }
`;
