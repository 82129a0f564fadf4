import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { filesRead } from '../../../core/render/files-read.ts'
import { repositoryView } from '../../../core/kustomization/repository-view.ts'
import { once } from '../../../once.ts'
import type { Checkout } from '../../../operations/ports/repository.ts'
import { directoryTree } from '../../files/directory-tree.ts'
import { UnavailableError } from '../../../errors.ts'
import { runGit, type GitFailure, type GitPlace } from '../run-git.ts'
import { blobReader } from './blob-reader.ts'
import { listTree } from './list-tree.ts'
import { objectTree } from './object-tree.ts'

/** Runs git in a checkout. */
export type RunInside = (inside: GitPlace, at: string) => Promise<unknown>

/** The files of commits: as trees, and as far as they are rendered in directories. */
export type Checkouts = Readonly<{
  /** Refuses a commit that cannot be checked out: RefusedError CHECKOUT_REFUSED. Each is looked at once. */
  measure: (sha: string) => Promise<void>
  /** The checkout of a commit, made where it is none of the latest. */
  of: (sha: string) => Promise<Checkout>
  /**
   * Gives git a new, empty directory with an index of its own, named like the commit. The directory stays unless
   * the work fails; the index goes.
   */
  within: <T>(sha: string, work: (inside: GitPlace, at: string) => Promise<T>) => Promise<T>
}>

const mostCheckouts = 6

/** A checkout, and the directory that it is put into as far as it is rendered. */
type Kept = Readonly<{ at: string; checkout: Checkout }>

/** Keeps the latest checkouts of a mirror in a directory, which is emptied first. */
export const checkouts = (mirror: GitPlace, directory: string): Checkouts => {
  const kept = new Map<string, Promise<Kept>>()
  // Nobody knows any more whether those of an earlier process were completed.
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { mode: 0o700 })
  const foldsCase = existsSync(join(dirname(directory), basename(directory).toUpperCase()))
  const read = blobReader(mirror)
  const measured = new Map<string, Promise<unknown>>()
  const measure = async (sha: string): Promise<void> => {
    await once(measured, sha, async () => (await listTree(mirror, sha, { foldsCase })).length)
  }

  const emptyFor = (sha: string): string => mkdtempSync(join(directory, `${sha.slice(0, 12)}-`))

  /** Has git work in a directory with an index that goes again. */
  const inDirectory = async <T>(
    at: string,
    work: (inside: GitPlace, at: string) => Promise<T>,
  ): Promise<T> => {
    const index = `${at}.index`
    const own = { GIT_DIR: mirror.directory, GIT_WORK_TREE: at, GIT_INDEX_FILE: index }
    const inside = { ...mirror, directory: at, environment: { ...mirror.environment, ...own } }
    try {
      return await work(inside, at)
    } finally {
      rmSync(index, { force: true })
    }
  }

  const within: Checkouts['within'] = async (sha, work) => {
    const at = emptyFor(sha)
    try {
      return await inDirectory(at, work)
    } catch (error) {
      rmSync(at, { recursive: true, force: true })
      throw error
    }
  }

  /** Puts files of a commit into a directory: these, or all of them. */
  const put = async (
    sha: string,
    inside: GitPlace,
    paths: readonly string[] | null,
  ): Promise<void> => {
    const failed = ({ reason, cause }: GitFailure): UnavailableError =>
      new UnavailableError('GIT_FAILED', `checking out ${sha.slice(0, 12)}: ${reason}`, { cause })
    await runGit(inside, ['read-tree', sha], { failed })
    const which = paths === null ? ['--all'] : ['-z', '--stdin']
    const input = paths === null ? {} : { input: paths.map(path => `${path}\0`).join('') }
    await runGit(inside, ['checkout-index', '--quiet', '--force', ...which], { failed, ...input })
  }

  const make = async (sha: string): Promise<Kept> => {
    // A refusal is remembered.
    await measured.get(sha)
    const listed = await listTree(mirror, sha, { foldsCase })
    const objects = foldsCase ? null : objectTree(listed, read)
    if (objects === null) {
      const at = await within(sha, async (inside, whole) => {
        await put(sha, inside, null)
        return whole
      })
      const tree = repositoryView(directoryTree(at))
      return { at, checkout: { sha, tree, onDisk: root => Promise.resolve(join(at, root)) } }
    }
    const at = emptyFor(sha)
    const tree = repositoryView(objects)
    const written = new Set<string>()
    const roots = new Map<string, Promise<string>>()
    let last: Promise<unknown> = Promise.resolve()
    const onDisk = (root: string): Promise<string> =>
      once(roots, root, async () => {
        const files = filesRead(tree, root)
        const paths = files === null ? null : files.filter(path => !written.has(path))
        // One after the other: each has the index for itself.
        last = last
          .catch(() => undefined)
          .then(() => inDirectory(at, inside => put(sha, inside, paths)))
        await last
        for (const path of paths ?? []) written.add(path)
        return join(at, root)
      })
    return { at, checkout: { sha, tree, onDisk } }
  }

  return {
    measure,
    within,
    of: async sha => {
      const known = kept.get(sha)
      // The most recently used comes last, so that the first is the one to drop.
      kept.delete(sha)
      const made = known ?? make(sha)
      kept.set(sha, made)
      made.catch(() => kept.delete(sha))
      const [oldest] = kept
      if (oldest && kept.size > mostCheckouts) {
        kept.delete(oldest[0])
        oldest[1].then(
          dropped => {
            rmSync(dropped.at, { recursive: true, force: true })
          },
          () => undefined,
        )
      }
      return (await made).checkout
    },
  }
}
