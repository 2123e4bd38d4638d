import { createReadStream } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type CheckpointRecipe, checkpointBlocks } from "../../src/test/checkpoint-maker.ts";

/** The length and the header with which a file of this recipe begins. */
function headOf(recipe: CheckpointRecipe): Buffer {
  const [length, header] = checkpointBlocks(recipe);
  return Buffer.concat([length!, header!]);
}

/**
 * Serves the file at `path`, which was made from `recipe`, in two ways: under /plain/ as it lies on the disk, and under
 * /prefixed/ with every name behind "transformer.". Nothing else is there, no config.json either.
 */
export async function serveFile(
  path: string,
  bytes: number,
  recipe: CheckpointRecipe,
): Promise<{ server: Server; plain: string; prefixed: string }> {
  const own = headOf(recipe).byteLength;
  const heads = new Map([
    ["/plain/model.safetensors", headOf(recipe)],
    ["/prefixed/model.safetensors", headOf({ ...recipe, prefix: true })],
  ]);
  const server = createServer(({ url = "", headers }, response) => {
    response.setHeader("access-control-allow-origin", "*");
    const head = heads.get(url);
    if (!head) {
      response.writeHead(404).end();
      return;
    }
    const size = head.byteLength + bytes - own;
    const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "bytes=0-")?.[1]);
    response.writeHead(206, {
      "content-length": size - start,
      "content-range": `bytes ${start}-${size - 1}/${size}`,
    });
    response.write(head.subarray(start));
    createReadStream(path, { start: own + Math.max(0, start - head.byteLength) }).pipe(response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { server, plain: `${host}/plain/model.safetensors`, prefixed: `${host}/prefixed/model.safetensors` };
}
