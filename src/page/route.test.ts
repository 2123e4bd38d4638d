import { expect, it } from "vitest";
import { cellIn, routeOf } from "./route.ts";

it.each(["#notebook", "notebook", "#Notebook", "#notebook/", "#notebook/generated"])(
  "%s is the notebook's page",
  (hash) => {
    expect(routeOf(hash)).toBe("notebook");
  },
);

it.each(["", "#", "#prompt=notebook", "#notebook=1", "#notebooks", "#notebook&mask=none"])(
  "%s is not",
  (hash) => {
    expect(routeOf(hash)).toBe("loop");
  },
);

it("names a cell of the notebook, or none", () => {
  expect(cellIn("#notebook/generated")).toBe("generated");
  for (const hash of ["#notebook", "#notebook/", "#notebook/a-b", "#prompt=notebook/a"])
    expect(cellIn(hash)).toBeUndefined();
});
