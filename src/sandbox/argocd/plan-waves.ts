import type { StoredObject } from '../kubernetes/object-store.ts'
import type { Pair } from './compare.ts'

/** One apply (the pair has a target) or one prune. */
export type Task = Readonly<{ pair: Pair; wave: number }>

const waveOf = (object: StoredObject | undefined): number =>
  Number.parseInt(object?.metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? '0', 10) || 0

const kindOrder = ['Namespace', 'Secret', 'ConfigMap', 'CustomResourceDefinition']

const rank = ({ pair }: Task): number => {
  if (!pair.target) return -1
  const position = kindOrder.indexOf(pair.kind)
  return position === -1 ? kindOrder.length : position
}

const ascending = (a: number, b: number): number => a - b

/**
 * Orders the tasks of a sync into waves: applies ascending, prunes in the reverse order of their waves by
 * swapping the first with the last (gitops-engine/pkg/sync/sync_context.go:1124-1170); in a wave prunes go
 * first, then Namespaces.
 */
export const planWaves = (pairs: readonly Pair[]): Task[][] => {
  const applies = pairs
    .filter(({ target }) => target)
    .map(pair => ({ pair, wave: waveOf(pair.target) }))
  const prunes = pairs
    .filter(({ requiresPruning }) => requiresPruning)
    .map(pair => ({ pair, wave: waveOf(pair.live) }))
  const pruneWaves = [...new Set(prunes.map(({ wave }) => wave))].sort(ascending)
  const reversed = prunes.map(({ pair, wave }) => ({
    pair,
    wave: pruneWaves.at(-1 - pruneWaves.indexOf(wave)) ?? wave,
  }))
  const tasks = [...applies, ...reversed]
  return [...new Set(tasks.map(({ wave }) => wave))]
    .sort(ascending)
    .map(wave =>
      tasks
        .filter(task => task.wave === wave)
        .sort((a, b) => rank(a) - rank(b) || a.pair.name.localeCompare(b.pair.name)),
    )
}
