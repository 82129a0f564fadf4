import type { RepositoryTree } from '../repository-tree.ts'
import { commentedPaths } from '../kustomization/commented-entries.ts'
import { pathOf } from '../kustomization/follow-entry.ts'
import type { Kustomization } from '../kustomization/parse-kustomization.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'
import { pathsTo, walkFrom, type Reached } from '../kustomization/walk.ts'

/** A commented-out entry that would bring a cluster in; the line counts from 1. */
export type CommentedOut = Readonly<{
  kustomization: Kustomization
  line: number
  value: string
  /** The file with the cluster, or the directory that reaches it. */
  path: string
}>

/**
 * The commented-out entries of one kustomization that lead to something that is there. A directory counts only where
 * it is written as an entry: its bare name may as well be a heading.
 */
export const commentedTargets = (
  tree: RepositoryTree,
  { directory, kustomization }: Pick<Reached, 'directory' | 'kustomization'>,
): readonly (CommentedOut & Readonly<{ kind: 'file' | 'directory' }>)[] => {
  const { text, lists } = kustomization
  const firstList = Math.min(...lists.map(({ line }) => line))
  return commentedPaths(text, firstList).flatMap(({ line, value, isEntry }) => {
    const path = pathOf(directory, value)
    const kind = path === null ? undefined : tree.entry(path)
    if (path === null || kind === undefined || kind === 'symlink') return []
    return kind === 'directory' && !isEntry ? [] : [{ kustomization, line, value, path, kind }]
  })
}

/**
 * The commented-out entries that would bring a cluster in, as a file or through a directory. What is not
 * readable behind them is passed over: it is not rendered.
 */
export const commentedOutOf = (
  view: RepositoryView,
  { reached, holds }: Readonly<{ reached: readonly Reached[]; holds: (path: string) => boolean }>,
): readonly CommentedOut[] => {
  const targets = reached.flatMap(place => commentedTargets(view, place))
  const behind = walkFrom(
    view.reach,
    targets.flatMap(({ kind, path }) => (kind === 'directory' ? [path] : [])),
  )
  const listing = behind.reached
    .filter(place => place.targets.some(({ kind, path }) => kind === 'file' && holds(path)))
    .map(({ directory }) => directory)
  const leading = pathsTo(behind, listing)
  return targets
    .filter(({ kind, path }) => (kind === 'file' ? holds(path) : leading.has(path)))
    .map(({ kustomization, line, value, path }) => ({ kustomization, line, value, path }))
}
