/** What a piece of code can be; a run of code names its class by its place in this list. */
export const codeClasses = ["plain", "keyword", "type", "number", "string", "comment", "function"] as const;
export type CodeClass = (typeof codeClasses)[number];

/** A piece of a line, and the index of its class. */
export type CodeRun = readonly [text: string, codeClass: number];

/** Highlighted code, line by line, as an import with `?tokens` yields it. The runs of a line make up its text. */
export type CodeLines = readonly (readonly CodeRun[])[];
