import type { Change } from '../../core/change.ts'
import type { RepositoryTree } from '../../core/repository-tree.ts'
import type { Sha } from '../../core/run/run.ts'

/** Files that are written together; with a message they are committed, too. */
export type Writing = Readonly<{ changes: readonly Change[]; message: string | null }>

/**
 * The result of a writing: its commit, whether a branch holds it, and its files that a hook has left otherwise in the
 * index or beside it.
 */
export type Written = Readonly<{
  commit: Sha | null
  isOnBranch: boolean
  unlike: readonly string[]
}>

/**
 * The work tree of a person's clone and the person's own git in it. Paths are relative to its top level. What is
 * compared is compared as text whose lines end in any way: git may be told to write them otherwise than committed.
 */
export type WorkTree = Readonly<{
  /** The directory of its top level. */
  top: string
  /** The commit that is checked out. */
  head: Sha
  /** The directory that was asked for, relative to the top level; empty for that itself. */
  directory: string
  /** Where git keeps the clone's objects, and the format of their ids. */
  objects: Readonly<{ directory: string; format: string }>
  /** The files as they lie there now, whatever is committed. */
  tree: RepositoryTree
  /** True if a file is there otherwise than in `committed`, or there and not in it. */
  differs: (path: string, committed: RepositoryTree) => boolean
  /** True if all files are there as the changes make them. */
  holds: (changes: readonly Change[]) => boolean
  /** The first of these files that git calls changed, in the index or beside it. Throws FailedError GIT_FAILED. */
  changed: (paths: readonly string[]) => Promise<string | undefined>
  /**
   * Writes files, all or none; with a message it commits just these. What was there comes back when that fails, or
   * when the commit holds something else, as after a hook that formats files.
   * Throws FailedError GIT_FAILED, or InputError FILE_UNREADABLE.
   */
  write: (writing: Writing) => Promise<Written>
}>
