import generateTextSimple from "../../generate/generate-text-simple.ts?tokens";
import sampling from "../../generate/sampling.ts?tokens";
import notebook from "../../lesson/notebook/notebook.ts?tokens";
import { excerpts } from "../../page/notebook/excerpt.ts";
import type { CodeLines } from "../design/code/code-lines.ts";
import python from "./generate_text_simple.py?tokens";
import type { Language } from "./stations-of-lines.ts";

const textOf = (line: CodeLines[number]) => line.map(([text]) => text).join("");

/** From the notebook's page, where the loop is called: the call, and the decoding of what it returns. */
const cells = excerpts(notebook);
const call = [...cells.get("generated")!, ...cells.get("text")!].filter((line) =>
  /generateTextSimple|decode/.test(textOf(line)),
);

const pythonParts = excerpts(python);

/** A function with its closing brace, from its file. */
function functionOf(lines: CodeLines, opening: string): CodeLines {
  const start = lines.findIndex((line) => textOf(line).startsWith(opening));
  const length = lines.slice(start).findIndex((line) => textOf(line) === "}");
  return lines.slice(start, start + length + 1);
}

const loop = functionOf(generateTextSimple, "export async function generateTextSimple");
const rest: CodeLines = [[], [], ...pythonParts.get("call")!];

/** The loop and a call of it, in the notebook's language and in ours; ours is the code that runs. */
export const listings: Record<Language, CodeLines> = {
  python: [...pythonParts.get("loop")!, ...rest],
  typescript: [...loop, [], ...call],
};

/** The same where tokens are drawn: ours calls `sample` in place of the argmax. */
export const drawnListings: Record<Language, CodeLines> = {
  python: [...pythonParts.get("drawn")!, ...rest],
  typescript: [...functionOf(sampling, "export function sample("), [], ...loop, [], ...call],
};
