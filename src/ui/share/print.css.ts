import { css } from "lit";

/** For the element that holds a `<next-token-handout>`: in print it stands alone, as ink on white, but for the page's own content behind it. */
export const handoutAlone = css`
  @media print {
    :host {
      color-scheme: light;
    }

    :host > :not(next-token-handout, slot) {
      display: none !important;
    }
  }
`;
