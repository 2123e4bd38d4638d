import type { Station } from "../../lesson/playhead.ts";
import type { CodeLines } from "../design/code/code-lines.ts";

export type Language = "python" | "typescript";

/**
 * What the lines of each station say, so that they are found wherever they stand. Decoding is no part of the loop: it is
 * done with what the loop returns.
 */
const markers: Record<Station, Record<Language, readonly string[]>> = {
  1: { python: ["idx_cond = idx["], typescript: ["const idx_cond = "] },
  2: {
    python: ["with torch.no_grad():", "logits = model(idx_cond)"],
    typescript: ["await model.forward(idx_cond"],
  },
  3: {
    python: ["logits = logits[:, -1, :]", "probabs = torch.softmax("],
    typescript: ["const probabs = await softmax("],
  },
  4: { python: ["idx_next = torch.argmax("], typescript: ["const idx_next = await argmax("] },
  5: { python: ["tokenizer.decode("], typescript: ["tokenizer.decode("] },
  6: { python: ["idx = torch.cat("], typescript: ["rows = rows.map((row, b) =>"] },
  7: { python: ["for _ in range("], typescript: ["for (let step = 0;"] },
};

/** The same of the lines that draw a token. */
const drawnMarkers: typeof markers = {
  ...markers,
  3: {
    python: [
      "logits = logits[:, -1, :]",
      "min_val = ",
      "logits = logits.masked_fill(",
      "probabs = torch.softmax(",
    ],
    typescript: ["const min_val = ", "total += weight", "to += Math.exp("],
  },
  4: {
    python: ["idx_next = torch.multinomial("],
    typescript: ["const drawn = uniform(", "if (drawn * total < to)"],
  },
};

/**
 * The indices of the lines that are at work at `station`.
 * @throws Error when a line is not there, or there twice: then the code has changed and this file has not
 */
export function linesAt(station: Station, language: Language, lines: CodeLines, isDrawn = false): number[] {
  return (isDrawn ? drawnMarkers : markers)[station][language].map((marker) => {
    const found = lines.flatMap((line, i) =>
      line
        .map(([text]) => text)
        .join("")
        .includes(marker)
        ? [i]
        : [],
    );
    if (found.length !== 1)
      throw new Error(`"${marker}" is in ${found.length} lines of the loop in ${language}.`);
    return found[0]!;
  });
}
