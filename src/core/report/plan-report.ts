import type { ErrorCode } from '../../errors.ts'
import type { RootDifference } from '../proof/compare-renders.ts'

/** The output of `sower plan`, `detach` and `reattach` with --json: docs/plan.md describes each field. */
export type PlanReport = Readonly<{
  apiVersion: 'sower.dev/v1alpha1'
  kind: 'Plan'
  cluster: string
  status: 'detachable' | 'detached' | 'reattachable' | 'attached' | 'refused'
  code: ErrorCode | null
  reason: string | null
  fix: string | null
  /** The kustomization file, the list in it, the entry and its line (from 1). */
  file: string | null
  key: string | null
  entry: string | null
  line: number | null
  /** The list has no live entry left, so its key became `key: []`. */
  emptied: boolean
  style: string | null
  proof: 'rendered' | 'static' | null
  kustomize: string | null
  roots: readonly Pick<RootDifference, 'path' | 'removed' | 'added' | 'changed' | 'left'>[]
  patches: readonly Readonly<{
    file: string
    key: string
    line: number
    action: 'edited' | 'matches-nothing'
  }>[]
  companions: readonly Readonly<{
    object: string
    file: string
    key: string
    line: number
    /** It can leave with --companions: nothing else comes from that item. */
    removable: boolean
    /** It leaves with this very edit. */
    leaves: boolean
  }>[]
  /** The entry that `--with-companions` takes out instead: what it brings in is the cluster, and these objects of its own. */
  whole: Readonly<{
    file: string
    key: string
    entry: string
    line: number
    objects: readonly string[]
  }> | null
  /** The objects that the ClusterInstance that comes back needs, and no root brings. */
  missing: readonly Readonly<{
    object: string
    /** The commented-out line that would bring it; null where there is none. */
    file: string | null
    line: number | null
    entry: string | null
    /** `--with-companions` brings it back. */
    returnable: boolean
  }>[]
  warnings: readonly string[]
  /** The edits as `git diff` prints them, those of --companions apart. */
  diffs: readonly string[]
  /** The files that were written, and the commits that were made. */
  written: readonly string[]
  /** Those of `written` that were removed. */
  removed: readonly string[]
  commits: readonly string[]
}>

/** A report that says nothing yet but the cluster's name. */
export const emptyReport = (cluster: string): PlanReport => ({
  apiVersion: 'sower.dev/v1alpha1',
  kind: 'Plan',
  cluster,
  status: 'refused',
  code: null,
  reason: null,
  fix: null,
  file: null,
  key: null,
  entry: null,
  line: null,
  emptied: false,
  style: null,
  proof: null,
  kustomize: null,
  roots: [],
  patches: [],
  companions: [],
  whole: null,
  missing: [],
  warnings: [],
  diffs: [],
  written: [],
  removed: [],
  commits: [],
})
