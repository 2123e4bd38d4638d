import { Executor } from "./executor.ts";
import type { Answer, Command, Setup } from "./messages.ts";

/** The one function of a worker's global scope that we call, which TypeScript's page types have otherwise. */
const send = (message: Answer) => {
  const transfer = typeof message === "object" && "result" in message && message.result;
  self.postMessage(message, { transfer: transfer instanceof ArrayBuffer ? [transfer] : [] });
};

/** The first message is the setup, all others are commands. */
let opening: Promise<Executor> | undefined;
let executor: Executor | undefined;

self.onmessage = async ({ data }: MessageEvent<Setup | Command>) => {
  try {
    if (!("do" in data)) {
      opening = Executor.open(data);
      executor = await opening;
      send("ready");
      return;
    }
    const answer = (executor ?? (await opening!)).execute(data);
    if (answer) send(answer);
  } catch (reason) {
    send({ failure: String(reason) });
  }
};
