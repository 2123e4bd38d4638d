import { Processor } from "./processor.ts";

let shared: Promise<Processor> | undefined;

/** The page's one processor: opened by the first call, and again after it was lost. */
export async function sharedProcessor(): Promise<Processor> {
  shared ??= Processor.open();
  const opening = shared;
  const forget = () => {
    if (shared === opening) shared = undefined;
  };
  try {
    const processor = await opening;
    if (!processor.hasFailed) return processor;
    forget();
    processor.destroy(); // so that its models report the loss
  } catch (reason) {
    forget();
    throw reason;
  }
  return sharedProcessor();
}
