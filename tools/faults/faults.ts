import type { Misdeed } from "./site.ts";
import { type Phase, phases, type Stage } from "./stage.ts";

/** One way in which a fault strikes, and what must come of it. */
export interface Strike {
  /** What is particular about it. */
  readonly how?: string;
  /** In place of bringing the visit to its phase. */
  readonly before?: (stage: Stage) => Promise<void>;
  readonly strike: (stage: Stage) => Promise<unknown>;
  /** "recovered": the text is that of an undisturbed visit; otherwise the code of the error that is shown. */
  readonly ends: string;
  /** What ends the fault, where the visit ended with an error: Play must then bring the text. */
  readonly over?: (stage: Stage) => Promise<unknown>;
  /** What the page says of a fault from which it recovered, where it should say something. */
  readonly shows?: RegExp;
}

export interface Fault {
  readonly name: string;
  /** In a frame to which the browser gives no storage. */
  readonly isFramed?: boolean;
  /** In each phase the ways to strike, or why it cannot occur there. */
  readonly in: Readonly<Record<Phase, readonly Strike[] | string>>;
}

const everywhere = (strikes: readonly Strike[]): Fault["in"] =>
  Object.fromEntries(phases.map((phase) => [phase, strikes])) as Fault["in"];

const play = (stage: Stage) => stage.frame.evaluate(() => window.stage.play());
const nowhere = "nothing stands on the GPU yet";
const destroy = (stage: Stage) => stage.frame.evaluate(() => window.stage.devices.at(-1)!.destroy());

const lost: Fault = {
  name: "device lost (destroy)",
  in: { ...everywhere([{ strike: destroy, ends: "recovered" }]), idle: nowhere },
};

const crash: Fault = {
  name: "GPU process crashes",
  in: everywhere([{ strike: (stage) => stage.crashGpu(), ends: "recovered" }]),
};

/** The device is lost, and what the browser offers from then on is `adapter`. */
const adapterBecomes = (adapter: "none" | "a small one", ends: string): Strike => ({
  async strike(stage) {
    await stage.frame.evaluate((given) => {
      window.stage.adapter = given;
    }, adapter);
    await stage.crashGpu();
  },
  ends,
  over: (stage) =>
    stage.frame.evaluate(() => {
      window.stage.adapter = "its own";
    }),
});

const gone: Fault = {
  name: "adapter gone after a crash",
  in: {
    ...everywhere([adapterBecomes("none", "recovered")]),
    idle: [adapterBecomes("none", "recovered")],
    paused: [adapterBecomes("none", "recovered")],
  },
};

const small: Fault = {
  name: "limits too small",
  in: everywhere([adapterBecomes("a small one", "recovered")]),
};

/** Buffers with this label are from now on larger than the memory that is left. */
const fullFor = (label: string): Strike => ({
  strike: (stage) =>
    stage.frame.evaluate((given) => {
      window.stage.oversized = given;
    }, label),
  ends: "out-of-memory",
  over: (stage) =>
    stage.frame.evaluate(() => {
      window.stage.oversized = undefined;
    }),
});
/** The same before the visit comes to where it needs that memory. */
const fullBefore = (label: string): Strike => {
  const { strike, ...rest } = fullFor(label);
  return { ...rest, before: async (stage) => void (await strike(stage)), strike: play };
};

const memory: Fault = {
  name: "GPU out of memory",
  in: {
    idle: [fullFor("trial"), fullFor("tok_emb")],
    downloading: [fullBefore("tok_emb")],
    building: "its buffers stand since the file's header came",
    prefill: [fullBefore("layer"), fullBefore("choice")],
    decoding: "a token creates no buffer",
    paused: "going on creates no buffer",
  },
};

type Place = readonly [how: string, at: (size: number) => number];

const inLength: Place = ["in the header's length", () => 5];
const inHeader: Place = ["in the header", () => 200];
const inFirst: Place = ["in the first piece", () => 1_000_000];
const inSecond: Place = ["in the second piece", (size) => Math.floor(size * 0.9)];
const atLast: Place = ["in the last bytes", (size) => size - 64];

interface NetworkPlan {
  readonly misdeed: Misdeed;
  readonly places: readonly Place[];
  /** What comes of it when it happens once, and when it goes on. */
  readonly once: string;
  readonly forGood: string;
}

/**
 * A network that fails. While the file comes it strikes in several places; in other phases it strikes when the model has
 * to come again because the GPU and the browser's own copy of it are lost.
 */
function network(name: string, { misdeed, places, once, forGood }: NetworkPlan): Fault {
  const arm = (stage: Stage, [, at]: Place, times: number) => {
    stage.site.fault = { misdeed, at: at(stage.site.size), times };
  };
  const over = async (stage: Stage) => {
    stage.site.fault = undefined;
  };
  const struck = (place: Place, times: number): Strike => ({
    how: `${place[0]}${times === 1 ? "" : ", for good"}`,
    before: async (stage) => arm(stage, place, times),
    strike: play,
    ends: times === 1 ? once : forGood,
    over,
  });
  const again: Strike = {
    async strike(stage) {
      arm(stage, places[0]!, 1);
      await stage.loseModel();
    },
    ends: once,
    over,
  };
  return {
    name,
    in: {
      ...everywhere([again]),
      idle: [struck(["at once", () => 0], 1)],
      downloading: [...places.map((place) => struck(place, 1)), struck(inSecond, Number.POSITIVE_INFINITY)],
    },
  };
}

const answer = (status: number, headers: Record<string, string> = {}, body = ""): Misdeed => ({
  kind: "answer",
  status,
  headers,
  body,
});
const htmlPage = answer(200, { "content-type": "text/html" }, "<!doctype html><title>Sign in</title>");

const cuts = [inLength, inHeader, inSecond, atLast]; // of a connection, and of bytes
const answers = [inFirst, inSecond, atLast]; // that come after a cut
const mended = { once: "recovered", forGood: "download-failed" };
const overNetwork: readonly Fault[] = [
  network("connection closed in the middle", { misdeed: { kind: "cut" }, places: cuts, ...mended }),
  network("server stalls", { misdeed: { kind: "stall" }, places: cuts, ...mended }),
  network("answers 500", { misdeed: answer(500), places: answers, ...mended }),
  network("answers 429, Retry-After", {
    misdeed: answer(429, { "retry-after": "2" }),
    places: answers,
    ...mended,
  }),
  network("answers 404", {
    misdeed: answer(404),
    places: answers,
    once: "download-failed",
    forGood: "download-failed",
  }),
  network("sends a web page instead", {
    misdeed: htmlPage,
    places: answers,
    once: "bad-checkpoint",
    forGood: "bad-checkpoint",
  }),
  network("wrong bytes", {
    misdeed: { kind: "garble" },
    places: cuts,
    once: "bad-checkpoint",
    forGood: "bad-checkpoint",
  }),
];

const quota: Fault = {
  name: "quota exceeded",
  in: everywhere([
    {
      async strike(stage) {
        const origin = new URL(stage.site.url).origin;
        await stage.ofPage.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1_000_000 });
        if (stage.phase !== "idle" && stage.phase !== "downloading") await stage.loseModel();
      },
      ends: "recovered",
      shows: /There is no room to keep the whole model/,
    },
  ]),
};

const forbidden: Fault = {
  name: "storage forbidden",
  isFramed: true,
  in: everywhere([
    {
      strike: async (stage) => (stage.phase === "idle" ? undefined : destroy(stage)),
      ends: "recovered",
      shows: /This browser keeps no files for this page/,
    },
  ]),
};

const hidden: Fault = {
  name: "tab hidden",
  in: everywhere([
    {
      strike: (stage) =>
        stage.frame.evaluate(() => {
          window.stage.isHidden = true;
          document.dispatchEvent(new Event("visibilitychange"));
        }),
      ends: "recovered",
    },
  ]),
};

const away: Fault = {
  name: "back/forward",
  in: everywhere([
    {
      async strike(stage) {
        await stage.page.goto(`${stage.site.url}elsewhere`);
        await stage.back();
      },
      ends: "recovered",
    },
  ]),
};

export const faults: readonly Fault[] = [
  lost,
  crash,
  gone,
  memory,
  small,
  ...overNetwork,
  quota,
  forbidden,
  hidden,
  away,
];
