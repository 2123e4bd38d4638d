import { css } from "lit";
import type { Mask } from "../../index.ts";

/** What a key that may be seen shows at the least: so that the triangle of the causal mask stands out. */
const FAINTEST = 0.07;

/** How opaque a weight from 0 to 1 is drawn: by its root, because most weights are small. */
export const opacityOf = (weight: number): number => FAINTEST + (1 - FAINTEST) * Math.sqrt(weight);

/** Weights [T, T] as pixels, RGBA: one colour, more opaque for more; nothing where the mask lets nothing be seen. */
export function heatPixels(
  weights: Float32Array,
  T: number,
  mask: Mask,
  [red, green, blue]: readonly number[],
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * T * T);
  for (let query = 0; query < T; query++) {
    const visible = mask === "causal" ? query + 1 : T;
    for (let key = 0; key < visible; key++) {
      const at = query * T + key;
      pixels.set([red!, green!, blue!, 255 * opacityOf(weights[at]!)], 4 * at);
    }
  }
  return pixels;
}

/** Draws weights [T, T], a pixel each, in the `color` of the canvas. */
export function drawHeat(canvas: HTMLCanvasElement, weights: Float32Array, T: number, mask: Mask): void {
  canvas.width = T;
  canvas.height = T;
  const color = getComputedStyle(canvas)
    .color.match(/[\d.]+/g)!
    .map(Number);
  canvas.getContext("2d")!.putImageData(new ImageData(heatPixels(weights, T, mask, color), T, T), 0, 0);
}

/**
 * A canvas does not follow CSS. Around canvases, `.heat` has a transition of its colour that is too short to be seen:
 * its end tells that the page went from light to dark, whatever made it, and it is time to draw again.
 */
export const heatStyles = css`
  .heat {
    color: var(--nt-heat);
    transition: color 1ms;
  }

  canvas {
    display: block;
    color: var(--nt-heat);
    image-rendering: pixelated;
  }
`;
