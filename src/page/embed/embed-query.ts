/** What the address of a frame asks for: `?embed=1&prompt=Once&embed-origin=https://course.example`. */
export interface EmbedQuery {
  /** Attributes of the element, as they are written in HTML. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Who is told of events and may give commands: origins, and "null" for those that have none. */
  readonly origins: readonly string[];
  /** Sentences for the console about what was left out. */
  readonly warnings: readonly string[];
}

/**
 * Reads the query of a page that is embedded as a frame; undefined where it is not.
 * @param known the attributes that the element has
 */
export function readEmbedQuery(search: string, known: readonly string[]): EmbedQuery | undefined {
  const query = new URLSearchParams(search);
  if (query.get("embed") !== "1") return undefined;
  const attributes = new Map<string, string>();
  const origins = new Set<string>();
  const warnings: string[] = [];
  for (const [name, value] of query) {
    if (name === "embed") continue;
    if (name === "embed-origin") {
      for (const named of value.split(/[\s,]+/).filter(Boolean)) {
        const origin = originOf(named);
        if (origin) origins.add(origin);
        else
          warnings.push(
            `embed-origin: “${named}” is no origin. Write one as https://course.example, or null.`,
          );
      }
    } else if (known.includes(name)) attributes.set(name, value);
    else warnings.push(`“${name}” in the frame's address is no attribute of <next-token>.`);
  }
  return { attributes, origins: [...origins], warnings };
}

/** The origin that `text` names and nothing more, or undefined: no path, no password, no other scheme than the web's. */
function originOf(text: string): string | undefined {
  if (text === "null") return "null";
  if (!URL.canParse(text)) return undefined;
  const { origin, href, protocol } = new URL(text);
  return /^https?:$/.test(protocol) && href === `${origin}/` ? origin : undefined;
}
