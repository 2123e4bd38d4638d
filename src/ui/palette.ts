/** One mode's colours. `palette.test.ts` checks the contrast of every pair that meets on the page. */
export interface Palette {
  /** The background of everything. */
  paper: string;
  /** A quiet surface: token chips, fields, the head of a table. */
  wash: string;
  /** Text. */
  ink: string;
  /** Text that explains; ids under the chips. */
  soft: string;
  /** Hairlines that only group; never the edge of something one can press. */
  line: string;
  /** Edges of buttons and fields. */
  edge: string;
  /** Bars and marks of a chart. */
  bar: string;
  /** What was just decided, and nothing else. */
  accent: string;
  accentWash: string;
  /** Text on the accent. */
  onAccent: string;
}

export const light: Palette = {
  paper: "#ffffff",
  wash: "#f2f4f6",
  ink: "#17212b",
  soft: "#52606d",
  line: "#d5dbe1",
  edge: "#768491",
  bar: "#7492b0",
  accent: "#b04600",
  accentWash: "#fdeee2",
  onAccent: "#ffffff",
};

export const dark: Palette = {
  paper: "#12171c",
  wash: "#1d252d",
  ink: "#e8edf2",
  soft: "#a3b0bd",
  line: "#303a44",
  edge: "#73828f",
  bar: "#6386a8",
  accent: "#ff9a57",
  accentWash: "#3a2414",
  onAccent: "#1c0e03",
};
