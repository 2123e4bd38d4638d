import type { LitElement, ReactiveController } from "lit";

/** A text that is unchanged under what a translator put in its place. */
interface Translation {
  text: Text;
  data: string;
  standIn: ChildNode;
  /** Where the translator keeps the text itself, in what it put there; undefined where it keeps none. */
  holder: ParentNode | undefined;
}

/**
 * Lets what translators do to an element's text outlive its rendering. They wrap text nodes in `<font>`, or replace them,
 * and lose white space and comments; Lit goes on writing to the nodes that it made. So these are put back before each
 * rendering, in reverse of how they were taken; what has not changed by it is shown as it was translated.
 */
export class OwnNodes implements ReactiveController {
  readonly #host: LitElement;
  readonly #observer = new MutationObserver((records) => this.#records.push(...records));
  /** What others did to the nodes since the last rendering. */
  #records: MutationRecord[] = [];
  #translations: Translation[] = [];
  #isObserving = false;

  constructor(host: LitElement) {
    this.#host = host;
  }

  hostUpdate() {
    this.#records.push(...this.#observer.takeRecords());
    if (this.#records.length === 0) return;
    const foreign = foreignIn(this.#records);
    const records = ofTranslators(this.#records, foreign);
    this.#records = [];
    this.#translations = translationsIn(records, foreign);
    for (const record of records.reverse()) undo(record);
  }

  hostUpdated() {
    this.#observer.takeRecords(); // of the rendering
    if (!this.#isObserving) this.#observer.observe(this.#host.renderRoot, { childList: true, subtree: true });
    this.#isObserving = true;
    for (const { text, data, standIn, holder } of this.#translations) {
      if (text.data !== data || !this.#host.renderRoot.contains(text)) continue;
      text.replaceWith(standIn);
      holder?.append(text);
    }
    this.#translations = [];
  }
}

/** The nodes that are not the element's own. */
function foreignIn(records: readonly MutationRecord[]): Set<Node> {
  const foreign = new Set<Node>();
  const own = new Set<Node>();
  for (const { addedNodes, removedNodes } of records) {
    for (const node of removedNodes) if (!foreign.has(node)) own.add(node);
    for (const node of addedNodes) if (!own.has(node)) foreign.add(node);
  }
  return foreign;
}

/**
 * What was done to children of the element's own nodes, wherever one of them was a text, a comment or a `<font>`: such
 * come and go by Lit's hand alone, or by a translator's.
 */
function ofTranslators(records: readonly MutationRecord[], foreign: ReadonlySet<Node>): MutationRecord[] {
  const isWithinForeign = (node: Node | null): boolean =>
    node !== null && (foreign.has(node) || isWithinForeign(node.parentNode));
  const outside = records.filter(({ target }) => !isWithinForeign(target));
  const touched = new Set(outside.filter(touchesText).map(({ target }) => target));
  return outside.filter(({ target }) => touched.has(target));
}

const touchesText = ({ addedNodes, removedNodes }: MutationRecord): boolean =>
  [...addedNodes, ...removedNodes].some((node) => !(node instanceof Element) || node.localName === "font");

function undo({ target, addedNodes, removedNodes, previousSibling, nextSibling }: MutationRecord): void {
  for (const node of addedNodes) if (node.parentNode === target) target.removeChild(node);
  const isThere = (node: Node | null) => node?.parentNode === target;
  const next = isThere(nextSibling)
    ? nextSibling
    : isThere(previousSibling)
      ? previousSibling!.nextSibling
      : null;
  for (const node of removedNodes) target.insertBefore(node, next);
}

/** What stands for each text that was taken away, as far as it is one node in the same place. */
function translationsIn(records: readonly MutationRecord[], foreign: ReadonlySet<Node>): Translation[] {
  const byTarget = new Map<Node, MutationRecord[]>();
  for (const record of records) byTarget.set(record.target, [...(byTarget.get(record.target) ?? []), record]);
  const standIns = new Map<Text, ChildNode>();
  const originals = new Map<Node, Text>();
  for (const record of records) {
    const [removed] = record.removedNodes;
    const text = removed && (originals.get(removed) ?? (removed instanceof Text ? removed : undefined));
    const standIn = text && standInFor(record, byTarget.get(record.target)!);
    if (!text || !standIn || !foreign.has(standIn) || originals.has(standIn)) continue;
    standIns.set(text, standIn);
    originals.set(standIn, text);
  }
  return [...standIns].map(([text, standIn]) => {
    const holder = standIn.contains(text) ? (text.parentNode ?? undefined) : undefined;
    return { text, data: text.data, standIn, holder };
  });
}

/** What was put, in one step with it or in another, where something was taken away. */
function standInFor(removal: MutationRecord, records: readonly MutationRecord[]): ChildNode | undefined {
  const { previousSibling, nextSibling } = removal;
  const isThere = (record: MutationRecord) =>
    record === removal ||
    record.addedNodes[0] === previousSibling ||
    record.addedNodes[0] === nextSibling ||
    (record.previousSibling === previousSibling && record.nextSibling === nextSibling);
  const addition = [removal, ...records].find((record) => record.addedNodes.length === 1 && isThere(record));
  return addition?.addedNodes[0] as ChildNode | undefined;
}
