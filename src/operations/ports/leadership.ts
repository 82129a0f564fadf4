/** The choice of the one among several bots that acts. */
export type Leadership = Readonly<{
  /** True if this process may act at this moment, by its own clock: asked right before each effect. */
  holds: () => boolean
  /** Takes the leadership where it is free, or keeps it. Never throws: without an answer it runs out by itself. */
  renew: () => Promise<void>
  /** Gives it back, so that another need not wait. Never throws. */
  release: () => Promise<void>
}>
