import { describe, expect, it } from "vitest";
import { NextTokenError } from "../../errors.ts";
import { type Notebook, NotebookRun } from "./notebook-run.ts";
import { notebookStatus } from "./notebook-status.ts";
import { list, type Output, text } from "./output.ts";

const printed = [list([15496, 11]), list([1, 2, 3]), text("Hello,")];

/** A run of a notebook that prints `outputs`, and all that its cells went through. */
function open(notebook: Notebook) {
  const verdicts: string[] = [];
  const run: NotebookRun = new NotebookRun(
    async () => notebook,
    printed,
    () => {
      const now = run.state.cells.map(({ verdict }) => verdict).join(" ");
      if (now !== verdicts.at(-1)) verdicts.push(now);
    },
  );
  return { run, verdicts };
}

function printing(...outputs: Output[]): Notebook {
  return async function* () {
    yield* outputs;
  };
}

describe("a run", () => {
  it("takes each cell from waiting over running to its verdict", async () => {
    const { run, verdicts } = open(printing(...printed));
    expect(run.state.cells.map(({ verdict }) => verdict)).toEqual(["waiting", "waiting", "waiting"]);
    expect(notebookStatus(run.state)).toBe("");
    await run.run();
    expect(verdicts).toEqual([
      "running waiting waiting",
      "agrees running waiting",
      "agrees agrees running",
      "agrees agrees agrees",
    ]);
    expect(run.state.activity).toBe("idle");
    expect(notebookStatus(run.state)).toBe("3 of 3 outputs agree with what was printed.");
  });

  it("turns a cell red for one wrong number, and that cell alone", async () => {
    const { run } = open(printing(printed[0]!, list([1, 2, 4]), printed[2]!));
    await run.run();
    expect(run.state.cells.map(({ verdict }) => verdict)).toEqual(["agrees", "differs", "agrees"]);
    expect(run.state.cells[1]!.comparison!.differing).toEqual(new Set([2]));
    expect(notebookStatus(run.state)).toBe("Of 3 outputs 1 differs from what was printed: cell 2.");
  });

  it("begins anew each time", async () => {
    let last = 4;
    const { run } = open(async function* () {
      yield* printing(printed[0]!, list([1, 2, last--]), printed[2]!)({} as never);
    });
    await run.run();
    expect(run.state.cells[1]!.verdict).toBe("differs");
    await run.run();
    expect(run.state.cells[1]!.verdict).toBe("agrees");
  });

  it("tells how the model is coming along, and only while it is", async () => {
    const seen: unknown[] = [];
    const run: NotebookRun = new NotebookRun(
      async () =>
        async function* ({ onProgress }) {
          onProgress({ phase: "weights", loaded: 1, total: 2 });
          yield printed[0]!;
        },
      printed,
      () => seen.push(run.state.progress?.loaded),
    );
    await run.run();
    expect(seen).toContain(1);
    expect(run.state.progress).toBeUndefined();
  });

  it("is only one at a time", async () => {
    let begun = 0;
    const { run } = open(async function* () {
      begun++;
      yield* printed;
    });
    await Promise.all([run.run(), run.run()]);
    expect(begun).toBe(1);
  });
});

describe("a run that does not reach its end", () => {
  it("says what failed; cells that had run keep their verdicts", async () => {
    const { run } = open(async function* () {
      yield printed[0]!;
      throw new NextTokenError("device-lost", "The browser lost the GPU. Run it again.");
    });
    await run.run();
    expect(run.state.failure).toMatchObject({ code: "device-lost" });
    expect(run.state.cells.map(({ verdict }) => verdict)).toEqual(["agrees", "waiting", "waiting"]);
    expect(notebookStatus(run.state)).toBe(
      "Stopped after 1 of 3 cells. 1 of 1 outputs agree with what was printed.",
    );
  });

  it("says so when its code cannot be had", async () => {
    const run = new NotebookRun(
      () => Promise.reject(new TypeError("no chunk.")),
      printed,
      () => {},
    );
    await run.run();
    expect(run.state.failure).toMatchObject({ code: "unexpected" });
    expect(notebookStatus(run.state)).toBe("Stopped.");
  });

  it("never agrees as a whole when cells are missing", async () => {
    const { run } = open(printing(printed[0]!));
    await run.run();
    expect(notebookStatus(run.state)).toMatch(/^Stopped after 1 of 3 cells/);
  });

  it("can be stopped: the notebook is left where it is, and its models with it", async () => {
    let isLeft = false;
    const { run } = open(async function* ({ signal }) {
      try {
        yield printed[0]!;
        expect(signal.aborted).toBe(true);
        yield printed[1]!;
      } finally {
        isLeft = true;
      }
    });
    const running = run.run();
    while (run.state.cells[0]!.verdict !== "agrees") await new Promise((resolve) => setTimeout(resolve));
    run.stop();
    expect(run.state.activity).toBe("idle");
    await running;
    expect(isLeft).toBe(true);
    expect(run.state.cells.map(({ verdict }) => verdict)).toEqual(["agrees", "waiting", "waiting"]);
    expect(run.state.failure).toBeUndefined();
  });
});
