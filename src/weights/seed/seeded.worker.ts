import { ShareMaker, type ShareRequest } from "./share-maker.ts";

/** To the worker: first what to make, then empty buffers. */
export type ToWorker = ShareRequest | ArrayBuffer;

/** From the worker: "ready" once it runs, then each buffer filled with a batch, until its share is done. */
export type FromWorker = "ready" | { readonly batch: number; readonly buffer: ArrayBuffer };

/** The one function of a worker's global scope that we call, which TypeScript's page types have otherwise. */
const send = (message: FromWorker, transfer: Transferable[] = []) => self.postMessage(message, { transfer });

let maker: ShareMaker | undefined;

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (!(data instanceof ArrayBuffer)) {
    maker = new ShareMaker(data);
    return;
  }
  const batch = maker?.makeInto(data);
  if (batch !== undefined) send({ batch, buffer: data }, [data]);
};

send("ready");
