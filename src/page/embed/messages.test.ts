import { expect, it } from "vitest";
import { readCommand } from "./messages.ts";

const known = ["prompt", "pace"];
const read = (data: unknown) => readCommand(data, known);
const target = "next-token";

it.each(["generate", "step", "pause", "reset", "hello"])("%s is a command", (command) => {
  expect(read({ target, command, anything: "else" })).toEqual({ command });
});

it("an attribute is set, or removed", () => {
  const set = { target, command: "set", attribute: "prompt" };
  expect(read({ ...set, value: "Once" })).toEqual({ command: "set", attribute: "prompt", value: "Once" });
  expect(read({ ...set, value: null })).toEqual({ command: "set", attribute: "prompt", value: null });
});

it.each([
  undefined,
  null,
  "generate",
  7,
  [],
  {},
  { command: "generate" },
  { target: "another", command: "generate" },
  { target },
  { target, command: "remove" },
  { target, command: "constructor" },
  { target, command: ["generate"] },
  { target, command: "set" },
  { target, command: "set", attribute: "onclick", value: "alert(1)" },
  { target, command: "set", attribute: "__proto__", value: "" },
  { target, command: "set", attribute: ["prompt"], value: "Once" },
  { target, command: "set", attribute: "prompt" },
  { target, command: "set", attribute: "prompt", value: 7 },
  { target, command: "set", attribute: "prompt", value: "x".repeat(2 ** 20 + 1) },
])("%j is none", (data) => {
  expect(read(data)).toBeUndefined();
});
