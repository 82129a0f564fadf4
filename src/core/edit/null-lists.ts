import { clustersOf, objectsIn } from '../cluster/object-identity.ts'
import { commentedTargets } from '../cluster/commented-out.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'
import { textAt } from '../repository-tree.ts'
import type { Edit } from './edit.ts'
import { repairNulls } from './remove-items.ts'

/** A kustomization whose lists are null, so that nothing builds, and what a person may have taken out of it. */
export type NullLists = Readonly<{
  path: string
  /** The line of the first null list. */
  line: number
  key: string
  /** Edits that make each of its lists `[]`. */
  edits: readonly Edit[]
  /** The clusters in commented-out entries, and those entries that lead to directories; with their lines. */
  commentedOut: readonly Readonly<{ name: string; line: number }>[]
}>

/**
 * The kustomizations below some roots that kustomize from 5.1 on takes for empty: nothing but null lists is in them
 * (types/kustomization.go:310-322). While one is there the root does not build, so Argo CD removes nothing.
 */
export const nullLists = (view: RepositoryView, roots: readonly string[]): readonly NullLists[] => {
  const places = new Map(
    roots.flatMap(root => view.walk(root).reached).map(place => [place.kustomization.path, place]),
  )
  return [...places.values()].flatMap(place => {
    const { path, lists, fields } = place.kustomization
    const [first] = lists
    const isEmpty = Object.entries(fields).every(
      ([name, value]) => value === null || /^(?:apiVersion|kind)$/iu.test(name),
    )
    if (!first || !isEmpty) return []
    const commentedOut = commentedTargets(view, place).flatMap(({ kind, path, value, line }) =>
      kind === 'directory'
        ? [{ name: value, line }]
        : objectsIn(textAt(view, path))
            .flatMap(clustersOf)
            .map(({ name }) => ({ name, line })),
    )
    const { line, key } = first
    return [{ path, line, key, edits: repairNulls(place.kustomization), commentedOut }]
  })
}
