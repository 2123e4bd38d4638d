/**
 * Writes what the small model is trained on and asked about, in GPT-2's tokens:
 *
 *     npx tsx tools/world/write.ts .cache/world 512000
 *
 * training.bin      that many windows of 65 tokens, as 16-bit numbers: what is read, and the token after it
 * seen-share.bin    1,024 windows of the same share that are not among them
 * held-out.bin      1,024 windows of the held-out share
 * tasks.json        for each kind, 200 prompts of the held-out share with the one token that follows
 * tokens.json       the ids of all tokens in use
 */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";
import type { Share } from "./held-out.ts";
import { Random } from "./random.ts";
import { writeTasks } from "./tasks.ts";
import { writeWindow } from "./windows.ts";
import { kinds } from "./world.ts";

const [folder, count] = process.argv.slice(2);
if (!folder || !(Number(count) > 0)) throw new Error("Say which folder, and how many windows.");
mkdirSync(folder, { recursive: true });

const WINDOW = 65;
const AT_A_TIME = 1024;
const tokenizer = await loadTokenizer();
const used = new Set<number>();

function writeWindows(name: string, count: number, seed: number, share: Share): void {
  const random = new Random(seed);
  const file = openSync(join(folder!, name), "w");
  for (let done = 0; done < count; done += AT_A_TIME) {
    const windows = Array.from({ length: Math.min(AT_A_TIME, count - done) }, () =>
      writeWindow(WINDOW, tokenizer, random, share),
    );
    const ids = Uint16Array.from(windows.flat());
    for (const id of ids) used.add(id);
    writeSync(file, ids);
  }
  closeSync(file);
}

writeWindows("training.bin", Number(count), 1, "training");
writeWindows("seen-share.bin", 1024, 2, "training");
writeWindows("held-out.bin", 1024, 3, "held-out");

const random = new Random(4);
const tasks = Object.fromEntries(
  kinds.map((kind) => [kind.name, writeTasks(kind, 200, tokenizer, random, "held-out")]),
);
for (const { ids, answerId } of Object.values(tasks).flat())
  for (const id of [...ids, answerId]) used.add(id);
writeFileSync(join(folder, "tasks.json"), JSON.stringify(tasks));
writeFileSync(join(folder, "tokens.json"), JSON.stringify([...used].sort((a, b) => a - b)));
console.log(`${count} windows, ${used.size} tokens in use`);
