/** How long playing stays at each step, in milliseconds; 0 goes from token to token as fast as the GPU gives them. */
export const playbackSpeeds = [
  { name: "steady", label: "steady", milliseconds: 800 },
  { name: "slow", label: "slow", milliseconds: 4000 },
  { name: "fast", label: "fastest", milliseconds: 0 },
] as const;

export type Pace = (typeof playbackSpeeds)[number]["name"];

export const millisecondsAt = (pace: Pace): number =>
  playbackSpeeds.find(({ name }) => name === pace)!.milliseconds;

/** Whether there is time to read each step's sentence, or to hear it. */
export const canBeRead = (milliseconds = 0): boolean => milliseconds >= millisecondsAt("slow");
