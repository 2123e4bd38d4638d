import { type KnownModel, ownOrigin, type PageContext } from "../../lesson/models/model-source.ts";

/** The page that runs, for what a model's name means on it. */
export const pageContext = (known: readonly KnownModel[]): PageContext => ({
  base: document.baseURI,
  origin: ownOrigin(document, location.origin, globalThis.origin),
  known,
});
