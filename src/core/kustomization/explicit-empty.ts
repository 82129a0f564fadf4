import type { RepositoryTree } from '../repository-tree.ts'
import { entriesOf, reachable } from './find-cluster.ts'

/**
 * Whether a kustomization says itself that it renders nothing: every kustomization that it reaches lists
 * only directories or an explicit `[]`, and at least one list is `[]`. A null or missing list does not say
 * so, and a listed file that happens to hold no object does not either.
 */
export const isExplicitlyEmpty = (tree: RepositoryTree, directory: string): boolean => {
  const reached = reachable(tree, directory)
  return (
    reached.every(
      kustomization =>
        kustomization.lists.length > 0 &&
        kustomization.lists.every(({ style }) => style !== 'null') &&
        entriesOf(tree, kustomization).every(({ path }) => tree.entry(path) === 'directory'),
    ) && reached.some(({ lists }) => lists.some(({ entries }) => entries.length === 0))
  )
}
