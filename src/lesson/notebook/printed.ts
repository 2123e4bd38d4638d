import { EDGE, list, type Numbers, type Output, size, tensor, text } from "./output.ts";

// What the course's notebook prints, as it stands there. Nothing on the page is computed from these numbers: they are
// what the page's own are held to. (tools/parity/README.md tells how they come about.)

/** The logits of the two texts with dropout, [2, 4, 50257]: of each row the first and the last three. */
const TRAINING_LOGITS = [
  [-0.0072, -0.2137, -0.3467, -0.324, -0.2338, -0.107],
  [0.7063, -0.7429, -0.6645, -0.653, -0.1393, -0.2166],
  [0.8226, -0.2982, -0.4547, 0.0913, -0.6949, -0.2091],
  [-0.3933, 0.3074, -0.1343, 1.0464, 0.462, -0.5298],
  [0.1386, -0.4081, -0.1563, -0.0892, -0.0672, -0.0157],
  [0.2353, -0.1177, -0.1307, 1.0729, -0.3517, 0.3905],
  [0.7367, 0.3377, -0.4311, 0.8471, 0.2219, -0.2541],
  [0.0166, -0.0721, 0.3451, 1.1352, -0.4069, 0.0309],
];

const HELLO = [15496, 11, 314, 716];

const trainingLogits: Numbers = {
  kind: "logits",
  shape: [2, TRAINING_LOGITS.length / 2, 2 * EDGE],
  values: TRAINING_LOGITS.flat(),
};

/** The outputs in the order of the cells. */
export const printed = {
  batch: tensor([
    [6109, 3626, 6100, 345],
    [6109, 1110, 6622, 257],
  ]),
  shape: size([2, 4, 50257]),
  logits: trainingLogits,
  prompt: list(HELLO),
  generated: tensor([[...HELLO, 27018, 7283, 46275, 41426, 33167, 33239, 1946, 25644, 17816, 13745]]),
  text: text("Hello, I am Feature IT snowballProtect youngstersMu 2014440[' Original"),
  /** Not the notebook's: the ids of the book that the course follows. */
  causal: tensor([[...HELLO, 27018, 24086, 47843, 30961, 42348, 7267, 49706, 43231, 47062, 34657]]),
} satisfies Record<string, Output>;

export type CellName = keyof typeof printed;
