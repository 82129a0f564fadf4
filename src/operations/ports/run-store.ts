import type { Run } from '../../core/run/run.ts'

/** Runs, one a cluster. */
export type RunStore = Readonly<{
  get: (name: string) => Promise<Run | undefined>
  list: () => Promise<readonly Run[]>
  /** Creates the run: the lock. False when there is one already. */
  create: (run: Run) => Promise<boolean>
  /** Compare-and-swap on `run.version`; returns the run with its new version. Throws ConflictError RUN_CHANGED. */
  replace: (run: Run) => Promise<Run>
  /** Deletes the run of this version; one that is gone already is deleted. Throws ConflictError RUN_CHANGED. */
  remove: (run: Run) => Promise<void>
}>
