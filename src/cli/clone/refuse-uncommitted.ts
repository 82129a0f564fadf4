import type { Change } from '../../core/change.ts'
import { RefusedError } from '../../errors.ts'
import type { Clone } from './clone.ts'

/**
 * Refuses where a file that is about to be written differs from its commit: RefusedError
 * UNCOMMITTED_CHANGES. The edit was proven from the commit and would take the difference along or lose it.
 */
export const refuseUncommitted = async (
  { workTree, checkout, shown }: Clone,
  changes: readonly Change[],
): Promise<void> => {
  const paths = changes.map(({ path }) => path)
  const staged = await workTree.changed(paths)
  const path = paths.find(path => workTree.differs(path, checkout.tree)) ?? staged
  if (path === undefined) return
  throw new RefusedError(
    'UNCOMMITTED_CHANGES',
    `writing to the work tree: ${shown(path)} has uncommitted changes`,
    { fix: 'commit or stash them first' },
  )
}

/** Refuses to write where a symbolic link would lead the write elsewhere: RefusedError ENTRY_SYMLINK. */
export const refuseLinks = ({ workTree, shown }: Clone, changes: readonly Change[]): void => {
  const link = changes.find(({ path }) => workTree.tree.entry(path) === 'symlink')
  if (link)
    throw new RefusedError(
      'ENTRY_SYMLINK',
      `writing ${shown(link.path)}: a symbolic link is on the way`,
      { fix: 'put plain directories and files there' },
    )
}
