import type { RepositoryView } from './repository-view.ts'
import type { Reached } from './walk.ts'

/**
 * True if a kustomization says itself that it renders nothing: every kustomization that it reaches has a list
 * that is `[]` or names directories, which say so themselves. A null list beside such a one does no harm; without
 * one it does not say so, and a listed file that happens to hold no object does not either. A Component brings
 * nothing in of its own: it need not say anything.
 * Throws RefusedError where an entry cannot be followed.
 */
export const isExplicitlyEmpty = (view: RepositoryView, directory: string): boolean => {
  const {
    reached,
    troubles: [trouble],
  } = view.walk(directory)
  if (trouble) throw trouble
  return reached.every(
    place => place.targets.every(({ kind }) => kind === 'directory') && saysSo(place),
  )
}

const saysSo = ({ kustomization: { lists, fields } }: Reached): boolean =>
  lists.some(({ style }) => style !== 'null') ||
  (fields['kind'] === 'Component' && lists.length === 0)
