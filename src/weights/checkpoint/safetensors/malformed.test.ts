import { describe, expect, test } from "vitest";
import { data, entry, malformedFiles } from "../../../test/malformed-safetensors.ts";
import { rawFile } from "../../../test/safetensors-file.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { headerBytes, PREFIX_BYTES, parseHeader } from "./header.ts";

const read = (file: Uint8Array) => {
  const length = headerBytes(file.subarray(0, PREFIX_BYTES), file.byteLength);
  return parseHeader(file.subarray(PREFIX_BYTES, PREFIX_BYTES + length), file.byteLength);
};

const good = entry("[4]", "[0,16]");

describe("malformed safetensors files", () => {
  const all = Object.entries(malformedFiles).flatMap(([rule, files]) =>
    files.map((malformed, index) => ({ rule, index, ...malformed })),
  );

  test("there are at least 120 in at least 20 classes", () => {
    expect(all.length).toBeGreaterThanOrEqual(120);
    expect(Object.keys(malformedFiles).length).toBeGreaterThanOrEqual(20);
    console.log(`${all.length} malformed files in ${Object.keys(malformedFiles).length} classes`);
  });

  test.each(all)("$rule, file $index", ({ rule, file, tensor }) => {
    let error: unknown;
    try {
      read(file);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(CheckpointError);
    expect((error as CheckpointError).rule).toBe(rule);
    expect((error as CheckpointError).code).toBe("bad-checkpoint");
    if (tensor !== undefined) expect((error as CheckpointError).tensor).toBe(tensor);
  });
});

describe("odd but well-formed safetensors files", () => {
  test.each([
    ["no tensor at all", rawFile("{}", data(0)), 0],
    ["spaces and newlines", rawFile(`{ "w" :\n ${good}\t}   `, data(16)), 1],
    [
      "fields in another order",
      rawFile('{"w":{"data_offsets":[0,16],"shape":[2,2],"dtype":"F32"}}', data(16)),
      1,
    ],
    ["a scalar", rawFile(`{"w":${entry("[]", "[0,4]")}}`, data(4)), 1],
    [
      "an empty tensor between others",
      rawFile(
        `{"a":${entry("[2]", "[0,8]")},"e":${entry("[0,7]", "[8,8]")},"b":${entry("[2]", "[8,16]")}}`,
        data(16),
      ),
      3,
    ],
    ["names written with escapes", rawFile(`{"\\u0077":${good}}`, data(16)), 1],
    ["eight dimensions", rawFile(`{"w":${entry("[1,1,1,1,1,1,1,4]", "[0,16]")}}`, data(16)), 1],
  ])("%s", (_, file, count) => {
    expect(read(file)).toHaveLength(count);
  });

  test("tensors come in the order of their bytes, whatever the header's", () => {
    const file = rawFile(`{"late":${entry("[2]", "[8,16]")},"early":${entry("[2]", "[0,8]")}}`, data(16));
    expect(read(file).map(({ name, begin }) => [name, begin - (file.byteLength - 16)])).toEqual([
      ["early", 0],
      ["late", 8],
    ]);
  });

  test("a tensor named __proto__ is a tensor like any other", () => {
    const tensors = read(
      rawFile(
        `{"__metadata__":{"__proto__":"text"},"__proto__":${good},"constructor":${entry("[0]", "[16,16]")}}`,
        data(16),
      ),
    );
    expect(tensors.map(({ name }) => name)).toEqual(["__proto__", "constructor"]);
    expect(({} as { dtype?: string }).dtype).toBeUndefined();
  });

  test("a header of exactly 1 MiB is read", () => {
    const file = rawFile(`{"w":${good}}`.padEnd(2 ** 20), data(16));
    expect(read(file)).toHaveLength(1);
  });

  test("a key of a megabyte is refused without trouble", () => {
    expect(() => read(rawFile(`{"${"k".repeat(2 ** 20 - 30)}":{}}`, data(0)))).toThrow(CheckpointError);
    expect(() => read(rawFile(`{"${"\\\\".repeat(2 ** 19 - 30)}":{}}`, data(0)))).toThrow(CheckpointError);
    expect(() => read(rawFile(`{"w":${"[".repeat(2 ** 20 - 30)}`, data(0)))).toThrow(CheckpointError);
  });
});
