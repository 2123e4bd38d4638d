/** A panel that shows what it has to ask for: not asked, asked, answered. */
export type PanelState = "closed" | "waiting" | "ready";
