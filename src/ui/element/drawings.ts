/** Nobody can follow more than twenty drawings a second, and what draws does not compute. */
const BETWEEN_MS = 50;
/** Pages that nobody sees have no frames. */
const HIDDEN_MS = 250;

/** When to draw what changes faster than it can be followed. */
export class Drawings {
  #last = Number.NEGATIVE_INFINITY;

  /** Resolves when the browser is about to draw, and the last time is long enough ago; on a hidden page, soon. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      const draw = () => {
        cancelAnimationFrame(frame);
        clearTimeout(timer);
        this.#last = performance.now();
        resolve();
      };
      const onFrame = () => {
        if (performance.now() - this.#last >= BETWEEN_MS) draw();
        else frame = requestAnimationFrame(onFrame);
      };
      let frame = requestAnimationFrame(onFrame);
      const timer = setTimeout(draw, HIDDEN_MS);
    });
  }
}
