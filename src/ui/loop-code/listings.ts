import generateTextSimple from "../../generate/generate-text-simple.ts?tokens";
import notebook from "../../lesson/notebook/notebook.ts?tokens";
import { excerpts } from "../../page/notebook/excerpt.ts";
import type { CodeLines } from "../design/code/code-lines.ts";
import python from "./generate_text_simple.py?tokens";
import type { Language } from "./stations-of-lines.ts";

const textOf = (line: CodeLines[number]) => line.map(([text]) => text).join("");

/** The loop without what stands before it in its file. */
const loop = generateTextSimple.slice(
  generateTextSimple.findIndex((line) => textOf(line).startsWith("export async function generateTextSimple")),
);

/** From the notebook's page, where the loop is called: the call, and the decoding of what it returns. */
const cells = excerpts(notebook);
const call = [...cells.get("generated")!, ...cells.get("text")!].filter((line) =>
  /generateTextSimple|decode/.test(textOf(line)),
);

const pythonParts = excerpts(python);

/** The loop and a call of it, in the notebook's language and in ours; ours is the code that runs. */
export const listings: Record<Language, CodeLines> = {
  python: [...pythonParts.get("loop")!, [], [], ...pythonParts.get("call")!],
  typescript: [...loop.slice(0, loop.findLastIndex((line) => textOf(line) === "}") + 1), [], ...call],
};
