import { css, html, nothing, type TemplateResult } from "lit";
import { ownLooks } from "../design/own-looks.css.ts";

/**
 * What stands in the figure's place until somebody wants it: what the page put into the slot `poster`, or else its image,
 * and a button. Nothing is loaded for it but that image.
 * @param poster an address, or ""
 */
export const cover = (
  poster: string,
  open: () => void,
): TemplateResult => html`<div class="cover" part="poster" lang="en" dir="ltr">
  <slot name="poster"
    >${poster ? html`<img src=${poster} alt="" @error=${hide} @load=${show} />` : nothing}</slot
  >
  <p>
    <button type="button" class="primary" @click=${open}>Show it</button>
    <span class="note">A GPT that chooses the next token, in this browser. Nothing is loaded before you press.</span>
  </p>
</div>`;

const hide = ({ target }: Event) => {
  (target as HTMLElement).hidden = true; // an image that does not come would be a broken frame
};
const show = ({ target }: Event) => {
  (target as HTMLElement).hidden = false;
};

export const coverStyles = css`
  .cover {
    display: grid;
    gap: var(--nt-space-3);
    justify-items: start;
  }

  .cover img,
  .cover ::slotted(*) {
    max-inline-size: 100%;
    block-size: auto;
  }

  .cover img[hidden] {
    display: none;
  }

  .cover p {
    ${ownLooks}

    display: flex;
    flex-wrap: wrap;
    gap: var(--nt-space-2) var(--nt-space-3);
    align-items: center;
  }
`;
