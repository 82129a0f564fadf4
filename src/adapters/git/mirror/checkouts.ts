import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { repositoryView } from '../../../core/kustomization/repository-view.ts'
import { refusedTree, refuseTree, type TreeEntry } from '../../../core/refuse-tree.ts'
import { UnavailableError } from '../../../errors.ts'
import { once } from '../../../once.ts'
import type { Checkout } from '../../../operations/ports/repository.ts'
import { directoryTree } from '../../files/directory-tree.ts'
import { runGit, type GitPlace } from '../run-git.ts'

/** Runs git in a checkout. */
export type RunInside = (inside: GitPlace, at: string) => Promise<unknown>

/** Directories that hold the files of commits. */
export type Checkouts = Readonly<{
  /** Refuses a commit that cannot be checked out: RefusedError CHECKOUT_REFUSED. Each is looked at once. */
  measure: (sha: string) => Promise<void>
  /** The checkout of a commit, made by `fill` where it is none of the latest. */
  of: (sha: string, fill: RunInside) => Promise<Checkout>
  /**
   * Gives git a new, empty directory with an index of its own, named like the commit. The directory stays unless
   * the work fails; the index goes.
   */
  within: <T>(sha: string, work: (inside: GitPlace, at: string) => Promise<T>) => Promise<T>
}>

const mostCheckouts = 6

/** Keeps the latest checkouts of a mirror in a directory, which is emptied first. */
export const checkouts = (mirror: GitPlace, directory: string): Checkouts => {
  const kept = new Map<string, Promise<Checkout>>()
  // Nobody knows any more whether those of an earlier process were completed.
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { mode: 0o700 })
  const foldsCase = existsSync(join(dirname(directory), basename(directory).toUpperCase()))
  const measured = new Map<string, Promise<void>>()
  const measure = (sha: string): Promise<void> =>
    once(measured, sha, () => refuseUnusable(mirror, sha, foldsCase))

  const within: Checkouts['within'] = async (sha, work) => {
    const at = mkdtempSync(join(directory, `${sha.slice(0, 12)}-`))
    const index = `${at}.index`
    const own = { GIT_DIR: mirror.directory, GIT_WORK_TREE: at, GIT_INDEX_FILE: index }
    const inside = { ...mirror, directory: at, environment: { ...mirror.environment, ...own } }
    try {
      return await work(inside, at)
    } catch (error) {
      rmSync(at, { recursive: true, force: true })
      throw error
    } finally {
      rmSync(index, { force: true })
    }
  }

  return {
    measure,
    within,
    of: (sha, fill) => {
      const known = kept.get(sha)
      // The most recently used comes last, so that the first is the one to drop.
      kept.delete(sha)
      const made =
        known ??
        within(sha, async (inside, at) => {
          await fill(inside, at)
          return { sha, directory: at, tree: repositoryView(directoryTree(at)) }
        })
      kept.set(sha, made)
      made.catch(() => kept.delete(sha))
      const [oldest] = kept
      if (oldest && kept.size > mostCheckouts) {
        kept.delete(oldest[0])
        oldest[1].then(
          dropped => {
            rmSync(dropped.directory, { recursive: true, force: true })
          },
          () => undefined,
        )
      }
      return made
    },
  }
}

const mostListed = 64 * 1024 * 1024

/** Lists a tree without writing any of it. A few objects can make a tree without end, so time and output are bounded. */
const refuseUnusable = async (mirror: GitPlace, sha: string, foldsCase: boolean): Promise<void> => {
  const listed = await runGit(
    { ...mirror, timeLimit: 60_000 },
    ['ls-tree', '-r', '-t', '-z', '-l', '--full-tree', sha],
    {
      most: mostListed,
      failed: ({ isTooMuch, reason, cause }) =>
        isTooMuch === true
          ? refusedTree(sha, `the list of its files has more than ${mostListed} bytes`)
          : new UnavailableError('GIT_FAILED', `listing ${sha.slice(0, 12)}: ${reason}`, { cause }),
    },
  )
  refuseTree(sha, entriesIn(listed.toString('latin1')), { foldsCase })
}

const entriesIn = function* (listed: string): Generator<TreeEntry> {
  for (
    let at = 0, end = listed.indexOf('\0');
    end >= 0;
    at = end + 1, end = listed.indexOf('\0', at)
  ) {
    const tab = listed.indexOf('\t', at)
    const [mode = '', , , size] = listed.slice(at, tab).split(/ +/)
    yield { mode, size: Number(size) || 0, path: listed.slice(tab + 1, end) }
  }
}
