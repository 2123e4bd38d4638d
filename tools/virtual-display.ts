import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PNG } from "pngjs";

/** How large the screen is, in pixels: a window is as high as its page for a picture of the whole page. */
const width = 1920;
const height = 12_000;

/** A part of the screen, in pixels. */
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** An X server without a screen, for a browser that cannot do without a window. It draws into a file, which is what one would see. */
export class VirtualDisplay {
  /** Its name, as the environment variable DISPLAY takes it. */
  readonly name: string;
  readonly #server: ChildProcess;
  readonly #folder: string;

  private constructor(name: string, server: ChildProcess, folder: string) {
    this.name = name;
    this.#server = server;
    this.#folder = folder;
  }

  /** Starts one under a name that is free. */
  static async start(program: string): Promise<VirtualDisplay> {
    const folder = mkdtempSync(join(tmpdir(), "next-token-display-"));
    const screen = ["-screen", "0", `${width}x${height}x24`, "-fbdir", folder];
    const server = spawn(program, ["-displayfd", "1", "-nolisten", "tcp", ...screen], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const ended = once(server, "exit").then(() => {
      throw new Error(`${program} ended before it had a display.`);
    });
    ended.catch(() => rmSync(folder, { recursive: true, force: true }));
    const [number] = await Promise.race([once(server.stdout!, "data"), ended]);
    return new VirtualDisplay(`:${String(number).trim()}`, server, folder);
  }

  /** What the screen shows now. The file is of X's own format, XWD: a header of words, a table of colours, and rows of pixels. */
  read(area: Area): PNG {
    const file = readFileSync(join(this.#folder, "Xvfb_screen0"));
    const word = (index: number) => file.readUInt32BE(4 * index);
    const [headerBytes, rowBytes, colours] = [word(0), word(12), word(19)];
    const start = headerBytes + 12 * colours;
    const png = new PNG({ width: area.width, height: area.height });
    for (let y = 0; y < area.height; y++) {
      for (let x = 0; x < area.width; x++) {
        const from = start + (area.y + y) * rowBytes + 4 * (area.x + x);
        const to = 4 * (y * area.width + x);
        png.data[to] = file[from + 2]!; // they are stored as blue, green, red
        png.data[to + 1] = file[from + 1]!;
        png.data[to + 2] = file[from]!;
        png.data[to + 3] = 255;
      }
    }
    return png;
  }

  async stop(): Promise<void> {
    const ended = once(this.#server, "exit");
    this.#server.kill();
    await ended;
  }
}
