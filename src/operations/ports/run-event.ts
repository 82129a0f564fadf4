/** Something to show beside a run on the hub, as `kubectl describe seedrun` does. */
export type RunEvent = Readonly<{
  type: 'Normal' | 'Warning'
  /** One word for programs, such as `Blocked`. */
  reason: string
  /** For people. */
  note: string
}>

/** Writes an event about a run. Throws FailedError or UnavailableError where it is not written. */
export type WriteRunEvent = (run: string, event: RunEvent) => Promise<void>
