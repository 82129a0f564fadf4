import { cleanRun } from '../../core/run/clean-run.ts'
import type { Run } from '../../core/run/run.ts'
import { statusPage } from '../../core/status-page/status-page.ts'
import { mapTexts, type Waiting } from '../../core/waiting/waiting.ts'
import type { Leadership } from '../../operations/ports/leadership.ts'
import type { Watch } from './watch.ts'

/** A bot's board of runs: the watch that feeds it, and the page. */
export type StatusBoard = Watch & Readonly<{ page: () => string }>

type Options = Readonly<{
  leadership: Pick<Leadership, 'holds'>
  now: () => Date
  /** Sees each value before it is escaped or cut: a part of a credential is not found any more. */
  clean: (text: string) => string
  /** Where the repository is for a browser. */
  webUrl: string | null
}>

/** Creates a board that knows of no run yet. It keeps what it was told in memory and asks nobody. */
export const createStatusBoard = ({ leadership, now, clean, webUrl }: Options): StatusBoard => {
  /** Runs that passes have changed since the list was read. */
  const fresh = new Map<string, Run>()
  const trees = new Map<string, Waiting>()
  let runs: readonly Run[] = []
  let lookedAt: string | null = null
  return {
    passed: (_before, { run, look }) => {
      fresh.set(run.name, run)
      if (look?.tree) trees.set(run.name, look.tree)
    },
    looked: all => {
      lookedAt = now().toISOString()
      runs = all.map(run => fresh.get(run.name) ?? run)
      fresh.clear()
      const names = new Set(runs.map(({ name }) => name))
      for (const name of trees.keys()) if (!names.has(name)) trees.delete(name)
    },
    page: () =>
      statusPage({
        ...{ now: now().toISOString(), webUrl, isActing: leadership.holds(), lookedAt },
        runs: runs.map(run => {
          const tree = trees.get(run.name)
          return {
            run: cleanRun(run, clean),
            tree: tree === undefined ? null : mapTexts(tree, clean),
          }
        }),
      }),
  }
}
