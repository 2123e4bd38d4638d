import { css } from "lit";

/** A choice among a few: its name and its radio buttons or checkbox in one line, as long as they fit. */
export const choiceStyles = css`
  fieldset {
    display: flex;
    flex-wrap: wrap;
    gap: var(--nt-space-1) var(--nt-space-4);
    align-items: center;
    min-inline-size: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }

  legend {
    float: inline-start;
    padding: 0;
  }

  label {
    display: inline-flex;
    gap: var(--nt-space-2);
    align-items: center;
    min-block-size: var(--nt-target);
    font-size: var(--nt-text-s);
  }

  input:is([type="radio"], [type="checkbox"]) {
    inline-size: var(--nt-em);
    block-size: var(--nt-em);
    margin: 0;
    accent-color: var(--nt-ink);
  }
`;
