import { NextTokenError } from "../errors.ts";

/** What went wrong as something to show: our own errors as they are, anything else by its own message. */
export function asNextTokenError(cause: unknown): NextTokenError {
  if (cause instanceof NextTokenError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new NextTokenError(
    "unexpected",
    `Something unforeseen happened: ${message} Reload the page and try again.`,
    {
      cause,
    },
  );
}

/** After these the model on the GPU is gone or not to be trusted: the next run builds a new one. */
export function costsTheModel({ code }: NextTokenError): boolean {
  return code === "device-lost" || code === "out-of-memory" || code === "gpu-error" || code === "destroyed";
}
