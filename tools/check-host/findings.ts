import type { Answer } from "./ask.ts";

/** Something that a server does, and what to do about it. */
export interface Finding {
  /** "wrong": the page cannot load the file. "slow": it can, at somebody's cost. */
  readonly kind: "wrong" | "slow";
  readonly sentence: string;
}

/** What is asked of a server: the file from its first byte, from its middle, and packed. */
export interface Answers {
  readonly whole: Answer;
  readonly part: Answer;
  readonly packed: Answer;
}

/** The byte that `part` was asked to begin with. */
export const PART_FROM = 100;

const wrong = (sentence: string): Finding => ({ kind: "wrong", sentence });
const slow = (sentence: string): Finding => ({ kind: "slow", sentence });

/**
 * What a server that holds a checkpoint does wrong.
 * @param address where the file is
 * @param origin of the page that wants it
 */
export function findingsOf(address: URL, origin: string, answers: Answers): Finding[] {
  const { whole } = answers;
  if (whole.status !== 200) return [wrong(ofStatus(whole))];
  return [
    ...ofAddress(address, origin),
    ...ofReaders(address, origin, answers),
    ...ofContent(whole),
    ...ofRanges(answers),
    ...ofPacking(answers),
    ...ofKeeping(whole),
  ];
}

function ofStatus({ status, headers }: Answer): string {
  if (status >= 300 && status < 400)
    return `The address leads on to ${headers.location}. Check that one; a page follows it only where every server on the way lets it read.`;
  if (status === 401 || status === 403)
    return `The server refuses (${status}). A file for a class has to be readable without a login.`;
  if (status === 404) return "There is no file at this address (404).";
  return `The server answers ${status}, where 200 was expected.`;
}

const ofAddress = (address: URL, origin: string): Finding[] =>
  address.protocol === "http:" && origin.startsWith("https:")
    ? [wrong("The page comes by https and the file by http: browsers refuse that. Serve the file by https.")]
    : [];

function ofReaders(address: URL, origin: string, { whole, part }: Answers): Finding[] {
  if (address.origin === origin) return [];
  const allows = ({ headers }: Answer) =>
    ["*", origin].includes(headers["access-control-allow-origin"] ?? "");
  if (!allows(whole) || !allows(part))
    return [
      wrong(
        `Pages of ${origin} may not read the file. Send “Access-Control-Allow-Origin: ${origin}”, or *, with every answer.`,
      ),
    ];
  const shown = (whole.headers["access-control-expose-headers"] ?? "").toLowerCase();
  return /\*|content-range/.test(shown)
    ? []
    : [
        slow(
          "The page cannot see how long parts are. Send “Access-Control-Expose-Headers: Content-Range, ETag”.",
        ),
      ];
}

function ofContent({ headers, start }: Answer): Finding[] {
  const text = Buffer.from(start).toString("latin1");
  if (/^\s*<(!doctype|html)/i.test(text))
    return [wrong("This is a web page and no checkpoint: perhaps a login, or a link to look at the file.")];
  if (text.startsWith("version https://git-lfs"))
    return [wrong("This is a pointer of Git LFS and not the file itself. Fetch it with “git lfs pull”.")];
  const isGzip = start[0] === 0x1f && start[1] === 0x8b;
  const isSafetensors = text[8] === "{";
  if (!isGzip && !isSafetensors)
    return [wrong("The file does not begin as a .safetensors, or one of gzip, does.")];
  return headers["content-length"] === undefined
    ? [
        slow(
          "The server does not say how long the file is, so there is no progress bar. Send Content-Length.",
        ),
      ]
    : [];
}

function ofRanges({ whole, part }: Answers): Finding[] {
  const wanted = `bytes ${PART_FROM}-`;
  if (part.status === 206 && part.headers["content-range"]?.startsWith(wanted)) {
    const { etag, "last-modified": date } = whole.headers;
    return etag || date
      ? []
      : [slow("Nothing says whether the file changed between two parts. Send an ETag or Last-Modified.")];
  }
  return [
    slow(
      "The server sends no parts: a download that was cut begins anew. Allow ranges (Accept-Ranges: bytes).",
    ),
  ];
}

const ofPacking = ({ packed }: Answers): Finding[] =>
  (packed.headers["content-encoding"] ?? "identity") === "identity"
    ? []
    : [
        slow(
          `The server packs the file as it sends it (${packed.headers["content-encoding"]}): weights hardly become smaller, and parts of it cannot be fetched. Switch that off for this file; to make it smaller, store it as .safetensors.gz.`,
        ),
      ];

function ofKeeping({ headers }: Answer): Finding[] {
  const control = headers["cache-control"] ?? "";
  return /no-store|no-cache|max-age=0/.test(control)
    ? [
        slow(
          `“Cache-Control: ${control}” makes every visit ask again. Send “Cache-Control: public, max-age=604800”.`,
        ),
      ]
    : [];
}
