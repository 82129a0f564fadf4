import type { Change } from '../../core/change.ts'
import type { RepositoryView } from '../../core/kustomization/repository-view.ts'
import type { Sha } from '../../core/run/run.ts'

/** The files of one commit, as a tree for core and on disk for kustomize. Never changed. */
export type Checkout = Readonly<{
  sha: Sha
  tree: RepositoryView
  /**
   * Puts a root on disk, with every file that a render of it can read, and gives its directory. Throws UnavailableError
   * GIT_FAILED.
   */
  onDisk: (root: string) => Promise<string>
}>

/** A version of a file that a commit (null: the index) brings; bytes are null where it is too large to be read. */
export type FileVersion = Readonly<{
  commit: Sha | null
  path: string
  bytes: Uint8Array | null
  /** The commit replaces or deletes it; it was there before. */
  isRemoved?: boolean
}>
export type FileVersions = Readonly<{
  /** The files of the last commit that mention a SealedSecret. */
  sealedPaths: readonly string[]
  /** Read while they are taken, so that few are in memory. */
  versions: AsyncIterable<FileVersion>
}>

/** A clone of the user's repository. Throws UnavailableError GIT_FAILED where git gives no answer. */
export type Repository = Readonly<{
  /** Brings all branches up to date. */
  fetch: () => Promise<void>
  branchHead: (branch: string) => Promise<Sha | undefined>
  isAncestor: (ancestor: Sha, descendant: Sha) => Promise<boolean>
  /** The commit that last changed a path, as seen from `at`; undefined when none did. */
  lastChange: (at: Sha, path: string) => Promise<Sha | undefined>
  checkout: (sha: Sha) => Promise<Checkout>
  /**
   * The merge of two commits, made here and pushed nowhere; undefined when they conflict. Merge drivers and merge
   * attributes of the repository do not count.
   */
  merge: (base: Sha, head: Sha) => Promise<Checkout | undefined>
  /** The paths in which that merge differs from its base, renames with both names; undefined when they conflict. */
  mergedPaths: (base: Sha, head: Sha) => Promise<readonly string[] | undefined>
  /** A commit with the changes on top of `onto`, not pushed. */
  commit: (
    request: Readonly<{ onto: Sha; message: string; changes: readonly Change[] }>,
  ) => Promise<Sha>
  /** Makes a commit the head of a branch. Throws ConflictError GIT_CONFLICT when the branch moved. */
  push: (sha: Sha, branch: string) => Promise<void>
  /** The difference of two commits as `git diff` prints it. */
  diff: (from: Sha, to: Sha) => Promise<string>
  /** Every version of a file that the commits of `head` bring and `base` has not, removed ones too. */
  broughtBy: (base: Sha, head: Sha) => Promise<FileVersions>
}>
