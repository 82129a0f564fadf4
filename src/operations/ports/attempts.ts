/** Counts the attempts at something that ended with the process; the count survives the restart. */
export type Attempts = Readonly<{
  /**
   * Notes that an attempt begins. False, and nothing is noted, where the last two ended with the process. `at` says how
   * far the matter is: one that got further in between is counted anew.
   */
  begin: (what: string, at?: string) => boolean
  /** The attempt came to its end, well or not: the count begins anew. */
  end: (what: string) => void
  /** The process was asked to end, which is nobody's fault: nothing is counted from now on. */
  stop: () => void
}>
