import type { Change } from '../../core/change.ts'
import type { Edit } from '../../core/edit/edit.ts'
import { openLists } from '../../core/edit/open-lists.ts'
import { editedFiles } from '../../core/edit/remove-items.ts'
import { whyRepaired } from '../../core/edit/why-repaired.ts'
import { kustomizationNames } from '../../core/kustomization/every-path.ts'
import { kustomizationText } from '../../core/kustomization/kustomization-in.ts'
import type { RepositoryView } from '../../core/kustomization/repository-view.ts'
import type { Checkout, Repository } from '../ports/repository.ts'

/** A commit whose lists can be read, and what was repaired for that; itself where nothing was. */
export type Opened = Readonly<{
  checkout: Checkout
  edits: readonly Edit[]
  /** Changes that leave each repaired file as it would be without the entries below its `[]`. */
  closing: readonly Change[]
}>

/**
 * Takes the empty value (`[]`, `null`) out of the lists that the roots of a commit reach and that entries follow, in commits that are pushed
 * nowhere. What cannot be repaired so stays, and is refused where it is read. Throws UnavailableError GIT_FAILED.
 */
export const openListsAt = async (
  repository: Pick<Repository, 'checkout' | 'commit'>,
  checkout: Checkout,
  roots: readonly string[],
): Promise<Opened> => {
  let at = checkout
  const edits: Edit[] = []
  const closing: Change[] = []
  // Behind a list that was repaired there may be another one.
  for (let found = openable(at.tree, roots); found.length > 0; found = openable(at.tree, roots)) {
    edits.push(...found.flatMap(one => one.edits))
    closing.push(...found.map(({ path, closed }) => ({ path, content: closed })))
    const message = whyRepaired(edits).join('\n')
    const changes = editedFiles(edits)
    at = await repository.checkout(
      await repository.commit({ onto: checkout.sha, message, changes }),
    )
  }
  return { checkout: at, edits, closing }
}

type Openable = Readonly<{ path: string; edits: readonly Edit[]; closed: string }>

const openable = (view: RepositoryView, roots: readonly string[]): readonly Openable[] => {
  const unread = roots
    .flatMap(root => view.walk(root).troubles)
    .filter(({ code }) => code === 'KUSTOMIZATION_UNREADABLE')
  if (unread.length === 0) return []
  const files = view.paths().filter(({ path, kind }) => kind === 'file' && isKustomization(path))
  return files.flatMap(({ path }) => {
    // With a line: the text could be read.
    if (!unread.some(({ message }) => isAbout(message, path))) return []
    const opened = openLists(path, kustomizationText(view, path))
    return opened ? [{ path, ...opened }] : []
  })
}

const isAbout = (message: string, path: string): boolean =>
  message.startsWith(`reading ${path}:`) && /^\d+: /.test(message.slice(`reading ${path}:`.length))

const isKustomization = (path: string): boolean =>
  kustomizationNames.some(name => path === name || path.endsWith(`/${name}`))
