/** A room that shows what it has to ask for: not asked, asked, answered. */
export type RoomState = "closed" | "waiting" | "ready";
