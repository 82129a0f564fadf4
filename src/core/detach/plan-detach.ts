import { findCompanions, type Companion } from '../companions/find-companions.ts'
import { findDeadPatches, findDependents, type Dependent } from './find-dependents.ts'
import {
  findCluster,
  searchCluster,
  type Found,
  type FoundCluster,
} from '../cluster/find-cluster.ts'
import { RefusedError } from '../../errors.ts'
import { isOwnFile, wholeEntry, type WholeEntry } from '../companions/whole-entry.ts'
import { leftOut } from './left-out.ts'
import { modeAt } from '../edit/mode-at.ts'
import { nameFew } from '../cluster/explain-missing.ts'
import { removeItem } from '../edit/remove-item.ts'
import { type Edit } from '../edit/edit.ts'
import { type EditMode } from '../edit/edit.ts'
import { removeItems, repairNulls, type Removal } from '../edit/remove-items.ts'
import { kustomizationsSeeing, subjectOf } from './subject.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'

/** The cluster to look for, the roots to look from, and the way it leaves its list. */
export type ToPlan = Readonly<{
  cluster: string
  roots: readonly string[]
  mode: EditMode
  /**
   * The handling of other objects of the cluster's own, in its file or in the directory of its entry: `leave` takes the whole entry out,
   * `in its file` does so only where both share a file; without it such a file is refused.
   */
  companions?: 'leave' | 'in its file' | undefined
}>

/** The edits that detach a cluster, not yet written anywhere. */
export type Plan = Readonly<{
  found: Found
  /** The edit of the cluster's own entry. */
  edit: Edit
  /** Those of what would break the build without the cluster. */
  dependents: readonly Edit[]
  /** Patches that match nothing any more. */
  deadPatches: readonly Dependent[]
  companions: readonly Companion[]
  /** The entry that brings in the cluster and only what is its own; null where it stands alone. */
  whole: WholeEntry | null
  /** The edit takes that one out. */
  takesWhole: boolean
  warnings: readonly string[]
}>

/**
 * Plans the detach of a cluster in a tree: its entry, and what would break the build without it. Pure but
 * for reading the tree; throws ALREADY_DETACHED for what leftOut tells, COMPANIONS_LEAVE for a file with what is the
 * cluster's own beside it unless that may leave, and what findCluster, findDependents and removeItem throw.
 */
export const planDetach = (
  view: RepositoryView,
  { cluster, roots, mode, companions }: ToPlan,
): Plan => {
  const found = findCluster(view, {
    ...{ cluster, roots },
    isOwnFile: (found, walks) => isOwnFile(view, { cluster, roots, walks, found }),
  })
  const out = leftOut(view, found, found.walks)
  if (out)
    throw new RefusedError(
      'ALREADY_DETACHED',
      `looking for cluster ${cluster}: ${found.source} is listed, but kept out of the render at ${out.file}:${out.line}`,
      { fix: 'nothing to do' },
    )
  const { walks, source, object, kustomization } = found
  const whole = wholeEntry(view, { cluster, roots, walks, found })
  const isShared = object.companions.length > 0
  if (isShared && companions === undefined)
    throw new RefusedError(
      'COMPANIONS_LEAVE',
      `looking for cluster ${cluster}: ${source} also holds ${nameFew(object.companions)}, all of it the cluster's own, which would leave with it`,
      {
        fix: `take all of it out with \`sower detach ${cluster} --with-companions\`; or move the ${object.kind} into a file of its own, to detach only that`,
      },
    )
  if (!whole || companions === undefined || (companions === 'in its file' && !isShared))
    return { ...planRemoval(view, found, { cluster, mode }), whole }
  const place =
    companions === 'leave' ? whole : { kustomization, entry: found.entry, files: new Set([source]) }
  const { files } = place
  const plan = planRemoval(
    view,
    { ...found, kustomization: place.kustomization, entry: place.entry },
    { cluster, mode },
  )
  const isLeaving = (one: Companion): boolean =>
    files.has(one.source ?? one.kustomization.path) || files.has(one.kustomization.path)
  const staying = plan.companions.filter(one => !isLeaving(one))
  return { ...plan, companions: staying, whole, takesWhole: true }
}

/** The same for an entry that is found already. Throws what findDependents and removeItem throw. */
export const planRemoval = (
  view: RepositoryView,
  found: FoundCluster,
  { cluster, mode }: Pick<ToPlan, 'cluster' | 'mode'>,
): Plan => {
  const { kustomization, entry, source, object, written = [] } = found
  const walks = found.walks.filter(({ root }) => found.roots.includes(root))
  const seeing = kustomizationsSeeing(walks, kustomization)
  const subjects = [object, ...written].map(one => subjectOf(one, { source, seeing }))
  const removals = subjects.flatMap(subject => findDependents(view, { subject, seeing, walks }))
  const modeOf = (path: string): EditMode => modeAt(view, path, mode)
  const edit = removeItem(kustomization, {
    ...{ key: entry.key, index: entry.index },
    mode: modeOf(kustomization.path),
  })
  return {
    found,
    edit,
    dependents: removeItems(withoutRepeats(removals), modeOf, [edit]),
    deadPatches: withoutRepeats(subjects.flatMap(subject => findDeadPatches(subject, seeing))),
    companions: findCompanions(view, { walks: found.walks, source, namespace: cluster }),
    whole: null,
    takesWhole: false,
    warnings: found.warnings.map(({ message }) => message),
  }
}

const withoutRepeats = <T extends Removal>(items: readonly T[]): readonly T[] => [
  ...new Map(items.map(one => [`${one.kustomization.path} ${one.key} ${one.index}`, one])).values(),
]

/** A cluster that is commented out, or kept out of the render: where, and what turns the keys that this left null into `[]`. */
export type Repair = Readonly<{ file: string; line: number; entry: string; edits: readonly Edit[] }>

/** The repair of a cluster that is commented out; null where it is not. Throws what searchCluster throws. */
export const planRepair = (
  view: RepositoryView,
  request: Pick<ToPlan, 'cluster' | 'roots'>,
): Repair | null => {
  const { found, commentedOut, walks } = searchCluster(view, request)
  const [listed] = found
  const out = listed && leftOut(view, listed, walks)
  if (out) return { ...out, entry: listed.entry.value, edits: [] }
  const [first] = commentedOut
  if (found.length > 0 || !first) return null
  const { kustomization, line, value } = first
  const kustomizations = [...new Set(commentedOut.map(one => one.kustomization))]
  return {
    file: kustomization.path,
    line,
    entry: value,
    edits: kustomizations.flatMap(repairNulls),
  }
}

/**
 * Plans to take the companions of a cluster out of Git where they stand alone: for when its ManagedCluster is
 * gone. The others stay and are for a person to sort out. Throws what removeItem throws.
 */
export const planCompanions = (
  view: RepositoryView,
  { cluster, roots, mode }: ToPlan,
): Readonly<{ companions: readonly Companion[]; edits: readonly Edit[] }> => {
  const walks = roots.map(view.walk)
  const companions = findCompanions(view, { walks, source: null, namespace: cluster })
  const removals = withoutRepeats(companions.filter(({ isAlone }) => isAlone))
  return { companions, edits: removeItems(removals, path => modeAt(view, path, mode)) }
}

/** The roots that reach one of the files. */
export const rootsReaching = (
  view: RepositoryView,
  { roots, paths }: Readonly<{ roots: readonly string[]; paths: readonly string[] }>,
): readonly string[] =>
  roots
    .map(view.walk)
    .filter(({ reached }) =>
      reached.some(({ kustomization }) => paths.includes(kustomization.path)),
    )
    .map(({ root }) => root)
/** All edits of a plan, in the order in which they stand on each other. */
export const editsOf = ({ edit, dependents }: Plan): readonly Edit[] => [edit, ...dependents]
