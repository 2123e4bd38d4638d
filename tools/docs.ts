/** What a page of Markdown says about the repository, as far as a program can hold it to that. */

/** A path, a name or a link of a page that is not there, with its line. */
export interface Missing {
  line: number;
  what: string;
}

/** The repository as the pages may speak of it. */
export interface Tree {
  /** Paths of its files, from the root. */
  files: ReadonlySet<string>;
  /** Scripts of package.json. */
  scripts: ReadonlySet<string>;
  /** Every identifier in its code. */
  identifiers: ReadonlySet<string>;
  /** The text of a page. */
  read: (file: string) => string;
}

/** Identifiers of the web platform, PyTorch and others that pages mention and our code does not use. */
const elsewhere = new Set(["get_encoding", "init_genrand"]);

/** Files that a page may name though they are not in the tree: built, or somebody else's. */
const untracked = /^(dist\/|models\/|node_modules\/|FOLDER\/|\/)/;

const linesOf = (text: string, index: number): number => text.slice(0, index).split("\n").length;

function exists(path: string, { files }: Tree): boolean {
  const name = path.replace(/\/$/, "");
  if (!name.includes("*")) return files.has(name) || [...files].some((file) => file.startsWith(`${name}/`));
  const pattern = new RegExp(`^${name.replace(/[.+]/g, "\\$&").replace(/\*+/g, "[^/]*")}$`);
  return [...files].some((file) => pattern.test(file));
}

/** The path that `to`, a relative link, means on page `from`; undefined where it leaves the repository. */
function resolved(from: string, to: string): string | undefined {
  const parts = from.split("/").slice(0, -1);
  for (const part of to.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

/** Headings as GitHub makes anchors of them. */
export const anchorsOf = (markdown: string): Set<string> =>
  new Set(
    [...withoutFences(markdown).matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );

/** The same text with the lines of its code blocks empty. */
const withoutFences = (markdown: string): string =>
  markdown.replace(/^ *```[\s\S]*?^ *```$/gm, (block) => block.replace(/[^\n]/g, ""));

/** Relative links whose file, or heading, does not exist. */
export function brokenLinks(page: string, tree: Tree): Missing[] {
  const text = withoutFences(tree.read(page)).replace(/`[^`\n]*`/g, (code) => " ".repeat(code.length));
  const links = [...text.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: +(\S+)/gm)];
  return links.flatMap(({ index, 1: inline, 2: reference }) => {
    const link = (inline ?? reference)!;
    if (/^[a-z]+:/.test(link)) return [];
    const [to, anchor] = link.split("#") as [string, string?];
    const path = to === "" ? page : resolved(page, to);
    const isThere =
      path !== undefined &&
      exists(path, tree) &&
      (anchor === undefined || !path.endsWith(".md") || anchorsOf(tree.read(path)).has(anchor));
    return isThere ? [] : [{ line: linesOf(text, index), what: link }];
  });
}

/** Paths from the root, in code blocks too, that no file has. */
export function missingPaths(page: string, tree: Tree): Missing[] {
  const text = tree.read(page);
  const paths = text.matchAll(
    /(?<![\w./:@-])(?:\.\.\/)*((?:src|shaders|tools|e2e|bench|docs|public)\/[\w./*-]*)/g,
  );
  return [...paths].flatMap(({ index, 1: found }) => {
    const path = found!.replace(/[.,:-]+$/, "");
    return exists(path, tree) ? [] : [{ line: linesOf(text, index), what: path }];
  });
}

/** Names of files in backticks, such as `gpu/mutex.ts`, that are not the end of any file's path. */
export function missingFiles(page: string, tree: Tree): Missing[] {
  const text = withoutFences(tree.read(page));
  const names = text.matchAll(/`([\w./-]+\.(?:ts|wgsl|py|md|cjs|css|html))`/g);
  return [...names].flatMap(({ index, 1: name }) => {
    if (untracked.test(name!)) return [];
    const path = resolved(page, name!) ?? name!;
    const isThere = exists(path, tree) || [...tree.files].some((file) => `/${file}`.endsWith(`/${name}`));
    return isThere ? [] : [{ line: linesOf(text, index), what: name! }];
  });
}

/** Identifiers in backticks, of more than one word, that stand nowhere in the code. */
export function unknownIdentifiers(page: string, tree: Tree): Missing[] {
  const text = withoutFences(tree.read(page));
  const names = text.matchAll(/`([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)(?:\([^`]*)?`/g);
  return [...names].flatMap(({ index, 1: name }) => {
    if (/\.(json|js|mjs|node|safetensors|worker)$/.test(name!)) return [];
    const unknown = name!
      .split(".")
      .filter(
        (word) => /[a-z][A-Z]|[A-Z][a-z]|_/.test(word) && !tree.identifiers.has(word) && !elsewhere.has(word),
      );
    return unknown.map((word) => ({ line: linesOf(text, index), what: word }));
  });
}

/** `npm run X`, and `npm test -- stage`, that package.json and the tests do not know. */
export function unknownCommands(page: string, tree: Tree): Missing[] {
  const text = tree.read(page);
  return [...text.matchAll(/\bnpm (?:run ([\w-]+)|(start|test)\b)/g)].flatMap(
    ({ index, 1: run, 2: short }) => {
      const script = (run ?? short)!;
      return tree.scripts.has(script) ? [] : [{ line: linesOf(text, index), what: `npm run ${script}` }];
    },
  );
}

/** Lines of prose that are wider than `columns`; tables, code, images and what cannot be broken may be. */
export function wideLines(page: string, columns: number, tree: Tree): Missing[] {
  return withoutFences(tree.read(page))
    .split("\n")
    .flatMap((line, i) => {
      const canBreak = line.trim().includes(" ") && !/^(\||!\[|\[[^\]]+\]: |#)/.test(line);
      const length = [...line].length;
      return canBreak && length > columns ? [{ line: i + 1, what: `${length} columns` }] : [];
    });
}
