/** Counts the attempts at something that ended with the process; the count survives the restart. */
export type Attempts = Readonly<{
  /**
   * Notes that an attempt begins. False, and nothing is noted, where two have ended with the process at the same step
   * since the last one that came to its end: `at`, and what was done last, say which step that is.
   */
  begin: (what: string, at?: string) => boolean
  /** The attempt under way has done something: it is at another step, unless it did the same before. */
  gotFurther: (what: string, done: string) => void
  /** The attempt came to its end, well or not: the count starts again. */
  end: (what: string) => void
  /** The process was asked to end, which is nobody's fault: nothing is counted from now on. */
  stop: () => void
}>
