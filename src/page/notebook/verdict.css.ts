import { css } from "lit";

/** The colours of a finding. Each is always beside a mark and a word: colour alone is not seen by all. */
export const verdictColours = css`
  :host {
    --nt-agrees: light-dark(#176b3a, #6fd39b);
    --nt-agrees-wash: light-dark(#e9f6ee, #14291d);
    --nt-differs: light-dark(#a3123a, #ff9aae);
    --nt-differs-wash: light-dark(#fdebef, #38141d);
  }
`;
