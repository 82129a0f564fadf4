import { RefusedError, type ErrorCode } from '../../errors.ts'
import { suspectEntries } from '../cluster/find-cluster.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'
import { textAt, type RepositoryTree } from '../repository-tree.ts'
import { planRepair, rootsReaching, type Repair } from './plan-detach.ts'
import { readRecordAt } from './read-record-at.ts'
import type { Detached } from './seed-record.ts'

/** A cluster that is detached already, and the edits that fix the lists which this left null. */
export type Already = Omit<Repair, 'line'> & Readonly<{ line: number | null }>

/**
 * Explains why planning a detach threw `error`: the cluster is detached already, by a commented-out line or by its
 * record. Throws the error itself where neither says so.
 */
export const alreadyDetached = (
  view: RepositoryView,
  {
    cluster,
    roots,
    directory,
  }: Readonly<{ cluster: string; roots: readonly string[]; directory: string }>,
  error: unknown,
): Already => {
  const code = error instanceof RefusedError ? error.code : null
  if (code === null || !notListed.includes(code)) throw error
  if (suspectEntries(view, { cluster, roots }).length > 0) throw error
  const repair = code === 'ALREADY_DETACHED' ? planRepair(view, { cluster, roots }) : null
  const [edit] = readRecordAt(view, { directory, cluster })?.detached?.edits ?? []
  const known = edit && { file: edit.file, line: edit.line, entry: entryIn(edit.before) }
  // Of several commented-out lines the record knows the one that was live.
  if (repair) return edit && stands(view, edit) ? { ...repair, ...known } : repair
  // It was deleted there; but a file that no root reaches says nothing of what the roots render.
  const isReached = known && rootsReaching(view, { roots, paths: [known.file] }).length > 0
  if (isReached) return { ...known, line: null, edits: [] }
  throw error
}

/** Reasons that mean no live entry brings a cluster. The objects that ACM makes of it may stay in Git for a while. */
const notListed: readonly ErrorCode[] = ['ALREADY_DETACHED', 'CLUSTER_NOT_FOUND', 'RAW_OBJECTS']

/** The entry on a line of a list. */
const entryIn = (line: string): string => line.trim().replace(/^- +/, '')

type RecordedEdit = Detached['edits'][number]

/** True if a file still holds at its place what an edit left there. */
const stands = (tree: RepositoryTree, { file, line, after }: RecordedEdit): boolean =>
  tree.entry(file) === 'file' &&
  textAt(tree, file)
    .split('\n')
    .slice(line - 1)
    .join('\n')
    .startsWith(after)
