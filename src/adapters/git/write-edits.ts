import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { directoryTree } from '../files/directory-tree.ts'
import { InputError, RefusedError, messageOf } from '../../errors.ts'
import type { Change } from '../../core/change.ts'
import type { Clone } from '../../cli/clone/clone.ts'

/**
 * Refuses where a file that is about to be written differs from its commit: RefusedError
 * UNCOMMITTED_CHANGES. The edit was proven from the commit and would take the difference along or lose it.
 */
export const refuseUncommitted = async (
  clone: Clone,
  changes: readonly Change[],
): Promise<void> => {
  const paths = changes.map(({ path }) => path)
  const status = await clone.git('status', '--porcelain', '-z', '--', ...paths)
  const staged = paths.find(path => status.split('\0').some(line => line.slice(3) === path))
  const path = paths.find(path => isUncommitted(clone, path)) ?? staged
  if (path === undefined) return
  throw new RefusedError(
    'UNCOMMITTED_CHANGES',
    `writing to the work tree: ${clone.shown(path)} has uncommitted changes`,
    { fix: 'commit or stash them first' },
  )
}

/** Refuses to write where a symbolic link would lead the write elsewhere: RefusedError ENTRY_SYMLINK. */
export const refuseLinks = ({ top, shown }: Clone, changes: readonly Change[]): void => {
  const tree = directoryTree(top)
  const link = changes.find(({ path }) => tree.entry(path) === 'symlink')
  if (link)
    throw new RefusedError(
      'ENTRY_SYMLINK',
      `writing ${shown(link.path)}: a symbolic link is on the way`,
      { fix: 'put plain directories and files there' },
    )
}

/** Whether the work tree holds a file otherwise than the commit, or one that the commit does not hold. */
export const isUncommitted = ({ top, checkout: { tree } }: Clone, path: string): boolean =>
  !isAlike(
    contentAt(join(top, path)),
    tree.entry(path) === 'file' ? Buffer.from(tree.read(path)) : null,
  )

/** Whether the work tree holds the files so already. */
export const isWritten = ({ top }: Clone, changes: readonly Change[]): boolean =>
  changes.every(({ path, content }) =>
    isAlike(contentAt(join(top, path)), content === null ? null : Buffer.from(content)),
  )

/** Git may be told to write line ends otherwise than they are committed. */
const isAlike = (one: Buffer | null, other: Buffer | null): boolean => {
  const text = (content: Buffer | null): string | undefined =>
    content?.toString('latin1').replaceAll('\r\n', '\n')
  return text(one) === text(other)
}

/**
 * Writes files to the work tree, all or none; with a message it commits just these. What was there comes
 * back when that fails. Returns the commit, and which files a hook has rewritten in it. Throws FailedError
 * GIT_FAILED, or InputError FILE_UNREADABLE.
 */
export const writeEdits = async (
  { top, git }: Clone,
  { changes, message }: Readonly<{ changes: readonly Change[]; message: string | null }>,
): Promise<Readonly<{ commit: string | null; rewritten: readonly string[] }>> => {
  const paths = changes.map(({ path }) => path)
  const replaced: Readonly<{ path: string; content: Buffer | null }>[] = []
  const made: string[] = []
  const takeBack = (): void => {
    for (const { path, content } of replaced) put(path, content, made)
    for (const directory of made) removeEmpty(directory)
  }
  try {
    for (const change of changes) {
      const path = join(top, change.path)
      const content = contentAt(path)
      put(path, change.content, made)
      replaced.push({ path, content })
    }
  } catch (cause) {
    takeBack()
    const reason = messageOf(cause)
    throw new InputError('FILE_UNREADABLE', `writing to the work tree: ${reason}`, {
      fix: 'see that the file and its directory may be written; all files are as they were',
      cause,
    })
  }
  if (message === null) return { commit: null, rewritten: [] }
  try {
    await git('add', '--force', '--', ...paths)
    await git('commit', '--quiet', '--message', message, '--only', '--', ...paths)
  } catch (error) {
    takeBack()
    await git('reset', '--quiet', '--', ...paths)
    throw error
  }
  const commit = (await git('rev-parse', 'HEAD')).trim()
  const rewritten: string[] = []
  for (const { path, content } of changes) {
    const committed = content === null ? null : Buffer.from(await git('show', `${commit}:${path}`))
    if (!isAlike(committed, content === null ? null : Buffer.from(content))) rewritten.push(path)
  }
  return { commit, rewritten }
}

const contentAt = (path: string): Buffer | null => {
  try {
    // Reading a pipe would wait for ever.
    return statSync(path).isFile() ? readFileSync(path) : null
  } catch {
    return null
  }
}

/**
 * Puts a file there, or takes it away; an interrupted write leaves the old one. Directories that it makes
 * are added to `made`, the deepest first.
 */
const put = (path: string, content: string | Buffer | null, made: string[]): void => {
  if (content === null) {
    rmSync(path, { force: true })
    return
  }
  const directory = dirname(path)
  const first = mkdirSync(directory, { recursive: true })
  if (first !== undefined)
    for (let at = directory; at.length >= first.length; at = dirname(at)) made.push(at)
  const beside = `${path}.sower-${process.pid}`
  try {
    writeFileSync(beside, content, { mode: statSync(path, { throwIfNoEntry: false })?.mode })
    renameSync(beside, path)
  } finally {
    rmSync(beside, { force: true })
  }
}

const removeEmpty = (directory: string): void => {
  if (readdirSync(directory).length === 0) rmdirSync(directory)
}
