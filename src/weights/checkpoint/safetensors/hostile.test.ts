import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { data, entry } from "../../../test/malformed-safetensors.ts";
import { rawFile } from "../../../test/safetensors-file.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { headerBytes, MAX_HEADER_BYTES, PREFIX_BYTES, parseHeader } from "./header.ts";

// Nothing may be allocated by what a header claims; what it really holds, at most a megabyte of it, may take a few.
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** As much of `text(0), text(1), …` as fits a header of the largest size, in braces. */
function full(text: (index: number) => string): Uint8Array<ArrayBuffer> {
  const parts: string[] = [];
  for (let size = 2; ; ) {
    const part = text(parts.length);
    size += part.length + 1;
    if (size > MAX_HEADER_BYTES) break;
    parts.push(part);
  }
  return rawFile(`{${parts.join(",")}}`.padEnd(MAX_HEADER_BYTES), data(16));
}

const hostile: [what: string, file: Uint8Array, accepted: boolean][] = [
  [
    "as many tensors as fit",
    full((i) => `"${i.toString(36)}":${entry("[0]", i ? "[16,16]" : "[0,0]")}`),
    false,
  ],
  [
    "as many metadata as fit",
    rawFile(
      `{"__metadata__":${text(
        full((i) => `"${i.toString(36)}":""`),
        20,
      )}}`,
      data(0),
    ),
    true,
  ],
  [
    "one tensor with a name of a megabyte",
    rawFile(`{"${"n".repeat(2 ** 20 - 99)}":${entry("[4]", "[0,16]")}}`, data(16)),
    false,
  ],
  [
    "a shape that claims a terabyte",
    rawFile(`{"w":${entry("[1099511627776]", "[0,4398046511104]")}}`, data(16)),
    false,
  ],
  [
    "a shape of half a million numbers",
    rawFile(`{"w":${entry(`[${"1,".repeat(2 ** 19 - 99)}1]`, "[0,4]")}}`, data(4)),
    false,
  ],
  ["a megabyte of open brackets", rawFile(`{"w":${"[".repeat(2 ** 20 - 10)}`, data(0)), false],
  ["a length of 2^63", rawFile("{}", data(0), 2n ** 63n), false],
];

/** The header of a full file as text, without the padding and without its last `cut` characters but the brace. */
function text(file: Uint8Array, cut: number): string {
  const whole = new TextDecoder()
    .decode(file.subarray(PREFIX_BYTES, PREFIX_BYTES + MAX_HEADER_BYTES))
    .trimEnd();
  return `${whole.slice(0, whole.lastIndexOf(",", whole.length - cut))}}`;
}

test.each(hostile)("%s costs little memory", (what, file, accepted) => {
  const read = () => {
    const length = headerBytes(file.subarray(0, PREFIX_BYTES), file.byteLength);
    return parseHeader(file.subarray(PREFIX_BYTES, PREFIX_BYTES + length), file.byteLength);
  };
  collectGarbage();
  const used = () => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  const [before, start] = [used(), performance.now()];
  if (accepted) expect(read()).toHaveLength(0);
  else expect(read).toThrow(CheckpointError);
  const [grown, took] = [used() - before, performance.now() - start];
  console.log(`${what}: ${(grown / 2 ** 20).toFixed(1)} MiB, ${took.toFixed(0)} ms`);
  expect(grown).toBeLessThan(32 * 2 ** 20);
});
