/**
 * Shows that two chips are the same token: `to` comes from where `from` stands. Short, and not at all where less motion
 * is asked for.
 */
export function fly(from: Element, to: HTMLElement): void {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const a = from.getBoundingClientRect();
  const b = to.getBoundingClientRect();
  const start = `translate(${a.left - b.left}px, ${a.top - b.top}px)`;
  to.animate([{ transform: start, opacity: 0.6 }, {}], { duration: 160, easing: "ease-out" });
}
