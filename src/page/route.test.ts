import { expect, it } from "vitest";
import { routeOf } from "./route.ts";

it.each(["#notebook", "notebook", "#Notebook"])("%s is the notebook's page", (hash) => {
  expect(routeOf(hash)).toBe("notebook");
});

it.each(["", "#", "#prompt=notebook", "#notebook=1", "#notebooks", "#notebook&mask=none"])(
  "%s is not",
  (hash) => {
    expect(routeOf(hash)).toBe("loop");
  },
);
