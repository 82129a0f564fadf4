import type { Configuration } from '../../core/settings/configuration.ts'
import type { Checkout, Repository } from '../../operations/ports/repository.ts'
import type { WorkTree } from '../../operations/ports/work-tree.ts'

/** A person's clone: what is committed to read and prove, the work tree to write to. */
export type Clone = Readonly<{
  workTree: WorkTree
  /** The files of HEAD. */
  checkout: Checkout
  /** A copy of our own, for commits that only serve a proof. */
  repository: Repository
  /** The directory of sower.yaml, relative to the top level; `.` for that itself, or without one. */
  base: string
  /** Null where no sower.yaml is committed. */
  config: Configuration | null
  /** Relative to the top level, as all paths in core. */
  roots: readonly string[]
  /** True if somebody names the roots; else they are those that the files of HEAD give. */
  areRootsNamed: boolean
  /** Where records are kept, relative to the top level. */
  directory: string
  warnings: readonly string[]
  /** Turns a path into what people are shown: relative to the directory of sower.yaml. */
  shown: (path: string) => string
  close: () => void
}>
