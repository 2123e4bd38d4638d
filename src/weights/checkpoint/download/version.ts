/** By what a server names one state of a file; other sites may hide either from us. */
export interface Version {
  readonly etag?: string | undefined;
  readonly date?: string | undefined;
}

export const versionOf = (headers: Headers): Version => ({
  etag: headers.get("etag") ?? undefined,
  date: headers.get("last-modified") ?? undefined,
});

/**
 * Whether two answers are about one state of a file. The nodes of one server give it names of their own: a tag made of
 * the inode, the time when the file was copied there. So one name in common is enough; without a name to compare,
 * nothing is known.
 */
export function compareVersions(a: Version, b: Version): "same" | "unknown" | "other" {
  const tags = compare(bareTag(a.etag), bareTag(b.etag));
  const dates = compare(a.date, b.date);
  if (tags === true || dates === true) return "same";
  return tags === false || dates === false ? "other" : "unknown";
}

const compare = (a: string | undefined, b: string | undefined) =>
  a === undefined || b === undefined ? undefined : a === b;

/** `W/"a"`, `"a-gzip"` and `a` are all the tag `a` on its way through proxies and compressing modules. */
const bareTag = (etag: string | undefined): string | undefined =>
  etag
    ?.trim()
    .replace(/^W\//i, "")
    .replace(/^"(.*)"$/, "$1")
    .replace(/[-;:_.]{1,2}(gzip|br|deflate|zstd|identity|df)$/i, "");
