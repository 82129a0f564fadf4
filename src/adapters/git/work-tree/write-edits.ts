import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { InputError, messageOf, RefusedError } from '../../../errors.ts'
import type { Writing, Written } from '../../../operations/ports/work-tree.ts'
import { temporaryDirectory } from '../../files/temporary-directory.ts'
import { writeWhole } from '../../files/write-whole.ts'

/** A work tree to write to, and the git that commits there. Its errors are passed on. */
export type EditedTree = Readonly<{
  top: string
  git: (...words: readonly string[]) => Promise<Buffer>
  /** The same git, which writes its events to a file and names in its errors a hook that failed. */
  traced: (file: string) => EditedTree['git']
}>

/**
 * Writes files to the work tree, all or none; with a message it commits just these. What was there comes back when
 * that fails, or when a hook has changed a file in the commit: it was not proven so. Throws what git throws,
 * InputError FILE_UNREADABLE, or RefusedError COMMIT_DIFFERS.
 */
export const writeEdits = async (
  { top, git, traced }: EditedTree,
  { changes, message }: Writing,
): Promise<Written> => {
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
      fix: 'make sure that the file and its directory are writable; all files are as they were',
      cause,
    })
  }
  if (message === null) {
    leaveNoneEmpty({ top, changes })
    return { commit: null, isOnBranch: true, unlike: [] }
  }
  const putBack = async (): Promise<void> => {
    takeBack()
    await git('reset', '--quiet', '--', ...paths)
  }
  const staged = await named(git, 'diff', '--cached', '-z', '--name-only')
  const before = (await git('rev-parse', 'HEAD')).toString().trim()
  const aside = temporaryDirectory('sower-commit-')
  try {
    await git('add', '--force', '--', ...paths)
    const commit = ['commit', '--quiet', '--message', message, '--only', '--', ...paths]
    await traced(join(aside.directory, 'events'))(...commit)
  } catch (error) {
    await putBack()
    throw error
  } finally {
    aside.remove()
  }
  const told = await git('rev-parse', 'HEAD', '--symbolic-full-name', 'HEAD')
  const [commit = '', branch] = told.toString().split('\n')
  const different = await differentIn({ git }, { before, commit, changes })
  if (different.path !== undefined) {
    await git('update-ref', 'HEAD', before, commit)
    takeBack()
    // What a hook has added stays in the work tree, but not for the next commit. What a person had staged stays staged.
    const added = different.others.filter(path => !staged.includes(path))
    await git('reset', '--quiet', '--', ...paths, ...added)
    throw new RefusedError(
      'COMMIT_DIFFERS',
      `committing the edit: a hook has changed ${different.path}, so the commit did not hold what was proven; it is taken back`,
      {
        fix: 'keep the hook from changing files, or leave out --commit and commit what you have looked at',
      },
    )
  }
  leaveNoneEmpty({ top, changes })
  const status = await named(git, 'status', '--porcelain', '-z', '--no-renames', '--', ...paths)
  const unlike = status.map(entry => entry.slice(3))
  return { commit, isOnBranch: branch !== 'HEAD', unlike }
}

const named = async (
  git: EditedTree['git'],
  ...words: readonly string[]
): Promise<readonly string[]> =>
  (await git(...words))
    .toString()
    .split('\0')
    .filter(path => path !== '')

/**
 * A file that a commit holds otherwise than it was meant to, or that it changes besides, undefined where there is none; and
 * all that it changes besides.
 */
const differentIn = async (
  { git }: Pick<EditedTree, 'git'>,
  {
    before,
    commit,
    changes,
  }: Readonly<{ before: string; commit: string }> & Pick<Writing, 'changes'>,
): Promise<Readonly<{ path: string | undefined; others: readonly string[] }>> => {
  const paths = changes.map(({ path }) => path)
  const changed = await named(git, 'diff-tree', '-r', '-z', '--name-only', before, commit)
  const others = changed.filter(path => !paths.includes(path))
  const tree = ['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit]
  const there = new Set(await named(git, ...tree, ...paths))
  for (const { path, content } of changes) {
    const committed = there.has(path) ? await git('show', `${commit}:${path}`) : null
    if (!isAlike(committed, content === null ? null : Buffer.from(content))) return { path, others }
  }
  return { path: others[0], others }
}

/** Compares files as text whose lines end in any way; null is not a file. */
export const isAlike = (one: Uint8Array | null, other: Uint8Array | null): boolean => {
  const text = (content: Uint8Array | null): string | undefined =>
    content === null ? undefined : Buffer.from(content).toString('latin1').replaceAll('\r\n', '\n')
  return text(one) === text(other)
}

/** Reads a plain file; null for anything else and for what cannot be read. */
export const contentAt = (path: string): Buffer | null => {
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
  writeWhole(path, content)
}

/** Removes what git does not keep either: the directories that a removed file leaves empty, up to the top. */
const leaveNoneEmpty = ({
  top,
  changes,
}: Readonly<{ top: string } & Pick<Writing, 'changes'>>): void => {
  for (const { path, content } of changes)
    for (let at = dirname(path); content === null && at !== '.'; at = dirname(at))
      if (existsSync(join(top, at))) removeEmpty(join(top, at))
}

const removeEmpty = (directory: string): void => {
  if (readdirSync(directory).length === 0) rmdirSync(directory)
}
