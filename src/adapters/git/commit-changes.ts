import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Change } from '../../core/change.ts'
import { pathOf } from '../../core/kustomization/follow-entry.ts'
import type { RepositoryTree } from '../../core/repository-tree.ts'
import { isGits } from '../../core/is-gits.ts'
import { RefusedError } from '../../errors.ts'

/** Runs git in the directory that is committed from, and returns what it prints. */
type Git = (...words: readonly string[]) => Promise<string>

/**
 * Writes the tree of a commit with changes, from an empty directory `at` with an index of its own, and returns
 * its id. Files that no change names are neither read nor written. The directory is removed.
 */
export const commitChanges = async (
  git: Git,
  { onto, at, changes }: Readonly<{ onto: string; at: string; changes: readonly Change[] }>,
): Promise<string> => {
  await git('read-tree', onto)
  const removed = changes.filter(({ content }) => content === null).map(({ path }) => path)
  if (removed.length > 0)
    await git('rm', '--quiet', '--cached', '--ignore-unmatch', '--', ...removed)
  const written: string[] = []
  for (const { path, content } of changes) {
    if (content === null) continue
    mkdirSync(dirname(join(at, path)), { recursive: true })
    writeFileSync(join(at, path), content)
    written.push(path)
  }
  // The index knows which files may be executed, the new directory does not.
  if (written.length > 0) await git('-c', 'core.fileMode=false', 'add', '--force', '--', ...written)
  const tree = await git('write-tree')
  rmSync(at, { recursive: true, force: true })
  return tree.trim()
}

/**
 * Checks that nothing on the branch leads a write out of the checkout or stands in its way. Throws RefusedError
 * ENTRY_SYMLINK.
 */
export const refuseUnlessFree = (tree: RepositoryTree, { path, content }: Change): void => {
  const isInside = pathOf('.', path) === path && !path.split('/').some(isGits)
  const kind = isInside ? kindInTheWay(tree, path, content) : 'way out of its files'
  if (kind === null) return
  throw new RefusedError('ENTRY_SYMLINK', `writing ${path}: a ${kind} is in its way`, {
    fix: 'put plain directories and files there on the branch',
  })
}

const kindInTheWay = (
  tree: RepositoryTree,
  path: string,
  content: Change['content'],
): string | null => {
  const kind = tree.entry(path)
  if (kind === 'file') return null
  if (kind !== undefined) return kind
  // git would let the file go for a directory of its name.
  const above = [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index))
  return content !== null && above.some(one => tree.entry(one) === 'file') ? 'file' : null
}
