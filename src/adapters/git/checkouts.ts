import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryView } from '../../core/kustomization/repository-view.ts'
import type { Checkout } from '../../operations/ports/repository.ts'
import { directoryTree } from '../files/directory-tree.ts'
import type { GitPlace } from './run-git.ts'

/** Runs git in a checkout. */
export type RunInside = (inside: GitPlace, at: string) => Promise<unknown>

/** Directories that hold the files of commits. */
export type Checkouts = Readonly<{
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
  mkdirSync(directory)

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
