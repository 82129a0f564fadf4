import type { Run } from '../../core/run/run.ts'
import type { Pass } from '../../operations/create-reconcile.ts'

/** An observer of the bot's work. It never throws, and nothing waits for it. */
export type Watch = Readonly<{
  /** After a pass over one run; `before` is the run as it was. */
  passed: (before: Run, pass: Pass) => void
  /** After a pass over all runs. */
  looked: (runs: readonly Run[]) => void
}>

/** Passes all that is heard on to several. */
export const watchBy = (watches: readonly Watch[]): Watch => ({
  passed: (before, pass) => {
    for (const watch of watches) watch.passed(before, pass)
  },
  looked: runs => {
    for (const watch of watches) watch.looked(runs)
  },
})
