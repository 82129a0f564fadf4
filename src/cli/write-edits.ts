import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { directoryTree } from '../adapters/directory-tree.ts'
import { RefusedError } from '../errors.ts'
import type { Change } from '../operations/ports.ts'
import type { Clone } from './clone.ts'

/**
 * Refuses where a file that is about to be written differs from its commit: RefusedError
 * UNCOMMITTED_CHANGES, or ENTRY_SYMLINK. The edit was proven from the commit and would take the difference along or lose it.
 */
export const refuseUncommitted = async (
  { top, checkout, git }: Clone,
  changes: readonly Change[],
): Promise<void> => {
  const paths = changes.map(({ path }) => path)
  const link = paths.find(path => directoryTree(top).entry(path) === 'symlink')
  if (link !== undefined)
    throw new RefusedError('ENTRY_SYMLINK', `writing ${link}: a symbolic link is on the way`, {
      fix: 'put plain directories and files there',
    })
  const changed = await git('status', '--porcelain', '--untracked-files=all', '--', ...paths)
  const differing = paths.find(
    path =>
      checkout.tree.entry(path) === 'file' &&
      !Buffer.from(checkout.tree.read(path)).equals(contentAt(join(top, path)) ?? Buffer.of()),
  )
  if (changed === '' && differing === undefined) return
  throw new RefusedError(
    'UNCOMMITTED_CHANGES',
    `writing to the work tree: ${
      changed === ''
        ? String(differing)
        : changed
            .trim()
            .replace(/^\S+ +/, '')
            .replace(/\n[^]*/, '')
    } has uncommitted changes`,
    { fix: 'commit or stash them first' },
  )
}

/** Whether the work tree holds the files so already. */
export const isWritten = ({ top }: Clone, changes: readonly Change[]): boolean =>
  changes.every(({ path, content }) => (contentAt(join(top, path))?.toString() ?? null) === content)

/**
 * Writes files to the work tree, each whole or not at all; with a message it commits just these. What was
 * there comes back when the commit is refused. Returns the commit. Throws FailedError GIT_FAILED.
 */
export const writeEdits = async (
  { top, git }: Clone,
  { changes, message }: Readonly<{ changes: readonly Change[]; message: string | null }>,
): Promise<string | null> => {
  const before = changes.map(({ path }) => ({ path, content: contentAt(join(top, path)) }))
  for (const { path, content } of changes) put(join(top, path), content)
  if (message === null) return null
  const paths = changes.map(({ path }) => path)
  try {
    await git('add', '--force', '--', ...paths)
    await git('commit', '--quiet', '--message', message, '--only', '--', ...paths)
  } catch (error) {
    for (const { path, content } of before) put(join(top, path), content)
    await git('reset', '--quiet', '--', ...paths)
    throw error
  }
  return (await git('rev-parse', 'HEAD')).trim()
}

const contentAt = (path: string): Buffer | null => {
  try {
    return readFileSync(path)
  } catch {
    return null
  }
}

/** An interrupted write leaves the old file. */
const put = (path: string, content: string | Buffer | null): void => {
  if (content === null) {
    rmSync(path, { force: true })
    return
  }
  mkdirSync(dirname(path), { recursive: true })
  const beside = `${path}.sower-${process.pid}`
  const mode = statSync(path, { throwIfNoEntry: false })?.mode
  writeFileSync(beside, content, mode === undefined ? {} : { mode })
  renameSync(beside, path)
}
