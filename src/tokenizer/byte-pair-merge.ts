import { MinHeap } from "./min-heap.ts";
import { NONE, type Vocabulary } from "./vocabulary.ts";

/** How many places or pairs are gone through between two breaks: well under a millisecond's work. */
const STEP = 1024;

/**
 * Byte pair encoding of one piece of a text. At first every byte is a symbol. Then, again and again, the two neighbours
 * whose token has the lowest id become that token, the leftmost of equals first, until no two neighbours are a token.
 *
 * The symbols are a linked list over the places of their first bytes. The pairs wait in a heap, so that n bytes take
 * time in n log n; each pair is one number, id * n + place, and these numbers' order is the order in which pairs merge.
 * @param ids to which those of the piece are appended
 * @yields the share of the work that is done, often, so that whoever runs it can pause there
 */
export function* mergeBytePairs(
  bytes: Uint8Array,
  vocabulary: Vocabulary,
  ids: number[],
): Generator<number, void> {
  const n = bytes.length;
  const symbol = new Uint16Array(n); // the id of the symbol that begins here
  const next = new Int32Array(n); // where the one behind it begins
  const previous = new Int32Array(n);
  const joined = new Uint16Array(n); // the id that both would become; NONE also where no symbol begins any more
  const heap = new MinHeap(2 * n); // a merge takes one pair out and puts two in at most

  const pairUp = (place: number) => {
    const behind = next[place]!;
    const id = behind < n ? vocabulary.join(symbol[place]!, symbol[behind]!) : NONE;
    joined[place] = id;
    if (id !== NONE) heap.push(id * n + place);
  };

  for (let place = n - 1; place >= 0; place--) {
    symbol[place] = vocabulary.idOfByte(bytes[place]!);
    next[place] = place + 1;
    previous[place] = place - 1;
    pairUp(place);
    if (place % STEP === 0) yield (1 - place / n) / 3;
  }

  const pairs = heap.size;
  for (let step = 1; heap.size > 0; step++) {
    if (step % STEP === 0) yield 1 - ((2 / 3) * heap.size) / pairs;
    const first = heap.pop();
    const id = Math.floor(first / n);
    const place = first - id * n;
    if (joined[place] !== id) continue; // one of the two has become part of another token since
    const taken = next[place]!;
    symbol[place] = id;
    next[place] = next[taken]!;
    joined[taken] = NONE;
    pairUp(place);
    if (next[place]! < n) previous[next[place]!] = place;
    if (place > 0) pairUp(previous[place]!);
  }

  for (let place = 0; place < n; place = next[place]!) {
    if (ids.push(symbol[place]!) % STEP === 0) yield 1;
  }
}
