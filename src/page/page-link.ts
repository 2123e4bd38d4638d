import { asLinked } from "../lesson/models/chosen-files.ts";
import type { Station } from "../lesson/playhead.ts";
import { LONGEST_LINK } from "../lesson/share/link.ts";
import { decodePageState } from "../lesson/share/page-state.ts";
import type { NextToken } from "../ui/next-token.ts";
import { namesModel } from "./model-query.ts";

/** How long the page must be at rest before its address follows, in milliseconds. */
const REST = 500;

/** Sets the element up as a link asks. Nothing is computed or fetched: that waits for Play. */
export function followLink(element: NextToken, hash: string): void {
  if (hash.replace(/^#/, "") === "") return;
  const { model, iteration, step, sampling, ...state } = decodePageState(hash);
  Object.assign(element, state, { sampling: sampling ?? undefined });
  // A file that was chosen here stays: the link can only say what it is called.
  if (namesModel(hash) && model !== asLinked(element.model)) element.model = model;
  element.destination = iteration > 0 ? { step: iteration - 1, station: step as Station } : undefined;
}

/** Keeps the page's address a link to what it shows, so that a reload or a bookmark comes back to it. */
export function keepAddress(element: NextToken): void {
  let timer: ReturnType<typeof setTimeout>;
  const write = () => {
    if (element.hidden) return;
    const { link } = element;
    if (link !== location.href && link.length <= LONGEST_LINK) history.replaceState(history.state, "", link);
  };
  element.addController({
    hostUpdated() {
      clearTimeout(timer);
      timer = setTimeout(write, REST);
    },
  });
}
