import { css } from "lit";

/** The sizes that go with a box's own font size: of the whole element, and larger ones on a slide. */
export const sizes = css`
  --nt-em: max(1em, 12px); /* src/ui/design/em.ts */

  --nt-text-xs: max(0.75 * var(--nt-em), 12px);
  --nt-text-s: max(0.875 * var(--nt-em), 12px);
  --nt-text-m: var(--nt-em);
  --nt-text-l: calc(1.25 * var(--nt-em));

  --nt-space-1: calc(0.25 * var(--nt-em));
  --nt-space-2: calc(0.5 * var(--nt-em));
  --nt-space-3: calc(0.75 * var(--nt-em));
  --nt-space-4: var(--nt-em);
  --nt-space-6: calc(1.5 * var(--nt-em));

  --nt-target: max(1.5 * var(--nt-em), 24px); /* the least that can be hit */
  --nt-radius: var(--next-token-radius, calc(0.25 * var(--nt-em)));
`;
