/** How long playing stays at each station, in milliseconds; 0 goes from token to token as fast as the GPU gives them. */
export const playbackSpeeds = [
  { name: "slow", milliseconds: 1500 },
  { name: "steady", milliseconds: 400 },
  { name: "fast", milliseconds: 0 },
] as const;

export type Pace = (typeof playbackSpeeds)[number]["name"];

export const millisecondsAt = (pace: Pace): number =>
  playbackSpeeds.find(({ name }) => name === pace)!.milliseconds;
