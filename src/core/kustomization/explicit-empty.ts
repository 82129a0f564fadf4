import type { RepositoryTree } from '../repository-tree.ts'
import { directoryReader, walkFrom } from './walk.ts'

/**
 * Whether a kustomization says itself that it renders nothing: every kustomization that it reaches lists
 * only directories or an explicit `[]`, and at least one list is `[]`. A null or missing list does not say
 * so, and a listed file that happens to hold no object does not either.
 * Throws RefusedError where an entry cannot be followed.
 */
export const isExplicitlyEmpty = (tree: RepositoryTree, directory: string): boolean => {
  const {
    reached,
    troubles: [trouble],
  } = walkFrom(directoryReader(tree), [directory])
  if (trouble) throw trouble
  return (
    reached.every(
      ({ kustomization: { lists }, targets }) =>
        lists.length > 0 &&
        lists.every(({ style }) => style !== 'null') &&
        targets.every(({ kind }) => kind === 'directory'),
    ) &&
    reached.some(({ kustomization: { lists } }) =>
      lists.some(({ entries }) => entries.length === 0),
    )
  )
}
