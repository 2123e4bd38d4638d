/** A token to choose from. */
export interface Choice {
  id: number;
  text: string;
}

/** "What comes next?", of a token that is computed and not shown yet. It holds nothing that gives the answer away. */
export interface Question {
  /** Where the token will stand in each row, counted from 0 with the prompt. */
  readonly position: number;
  /** For each row the likeliest tokens, in the order of their texts. */
  readonly choices: readonly (readonly Choice[])[];
}

/** How many guesses were right, of how many. */
export interface Score {
  readonly right: number;
  readonly asked: number;
}

/** What came of a guess: the detail of the event `prediction`. */
export interface Prediction {
  row: number;
  position: number;
  guess: Choice;
  chosen: Choice & { probability: number };
  right: boolean;
  score: Score;
}
