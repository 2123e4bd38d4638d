/** How long playing rests at each station, in milliseconds; 0 goes from token to token as fast as the GPU gives them. */
export const paces = [
  { name: "slow", milliseconds: 1500 },
  { name: "steady", milliseconds: 400 },
  { name: "fast", milliseconds: 0 },
] as const;

export type Pace = (typeof paces)[number]["name"];

export const millisecondsOf = (pace: Pace): number => paces.find(({ name }) => name === pace)!.milliseconds;
