import type { ErrorCode } from '../../errors.ts'
import type { RootDifference } from '../kustomization/prove-difference.ts'

/** What `sower plan`, `detach` and `reattach` print with --json: docs/plan.md describes each field. */
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
  warnings: readonly string[]
  /** The edits as `git diff` prints them, those of --companions apart. */
  diffs: readonly string[]
  /** What was written, and the commits that were made. */
  written: readonly string[]
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
  warnings: [],
  diffs: [],
  written: [],
  commits: [],
})

/** The report for people: the diff, the proof as a table, and what else is to be known. */
export const renderPlan = (report: PlanReport): string => {
  const { cluster, status, diffs, proof, kustomize, roots, patches, companions } = report
  const { warnings, written } = report
  const place = `${report.file ?? ''}${report.line === null ? '' : `:${report.line}`}`
  if (status === 'detached' && diffs.length === 0)
    return [
      `${cluster} is detached already${place === '' ? '' : ` (${place})`}; nothing is to be done`,
      ...sections(report),
      '',
    ].join('\n')
  if (status === 'attached' && diffs.length === 0)
    return written.length > 0
      ? `${cluster} is attached (${place}): its detach was not committed\n`
      : `${cluster} is attached already (${place}); nothing is to be done\n`
  const verb = status === 'reattachable' || status === 'attached' ? 'comes back into' : 'leaves'
  return [
    ...diffs,
    ...(roots.length === 0
      ? []
      : [
          proof === 'static'
            ? 'STATIC PROOF: nothing was rendered, since a kustomize plugin is missing; the listed files were compared.'
            : `proof (${kustomize}): exactly this ${verb} the render`,
          ...proofTable(roots),
        ]),
    ...(patches.length + companions.length + warnings.length > 0 ? [''] : []),
    ...sections(report),
    ...outcome(report),
    '',
  ].join('\n')
}

const outcome = ({ written, commits }: PlanReport): readonly string[] => {
  if (written.length === 0) return []
  return commits.length > 0
    ? [`committed ${commits.map(sha => sha.slice(0, 12)).join(', ')}: ${written.join(', ')}`]
    : [`edited ${written.join(', ')}; look at them, then commit`]
}

const sections = ({ patches, companions, warnings }: PlanReport): readonly string[] => [
  ...patches.map(({ file, key, line, action }) =>
    action === 'edited'
      ? `edited too: ${file}:${line} (${key}), which cannot be built without the cluster`
      : `matches nothing any more: ${file}:${line} (${key}); delete it when the cluster stays away`,
  ),
  ...companions
    .filter(({ leaves }) => !leaves)
    .map(
      ({ object, file, line, removable }) =>
        `stays: ${object} (${file}:${line})${removable ? '' : ', in an item with other objects'}`,
    ),
  ...warnings.map(warning => `warning: ${warning}`),
]

/** A table of the differences: a line for each object, with the root and what is left at its first. */
const proofTable = (roots: PlanReport['roots']): readonly string[] => {
  const rows = [
    { root: 'root', verb: '', object: 'object', left: 'left' },
    ...roots.flatMap(({ path, removed, added, changed, left }) => {
      const objects = [
        ...removed.map(object => ({ verb: 'leaves', object })),
        ...added.map(object => ({ verb: 'comes', object })),
        ...changed.map(object => ({ verb: 'changes', object })),
      ]
      const [first = { verb: '', object: 'no difference' }, ...more] = objects
      return [
        { root: path, ...first, left: String(left) },
        ...more.map(one => ({ root: '', ...one, left: '' })),
      ]
    }),
  ]
  const columns = (['root', 'verb', 'object', 'left'] as const).map(name => ({
    name,
    width: Math.max(...rows.map(row => row[name].length)),
  }))
  return rows.map(row =>
    `  ${columns.map(({ name, width }) => row[name].padEnd(width)).join('  ')}`.trimEnd(),
  )
}
