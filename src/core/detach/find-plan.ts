import type { Detached } from './seed-record.ts'
import type { EditMode } from '../edit/edit.ts'
import { textAt, type RepositoryTree } from '../repository-tree.ts'
import { RefusedError } from '../../errors.ts'
import { planDetach, planRepair, rootsReaching, type Plan, type Repair } from './plan-detach.ts'
import { readRecordAt } from '../../operations/seed-files.ts'
import type { Clone } from '../../cli/clone/clone.ts'

/** A cluster that is detached already, and what mends the lists that this left null. */
export type Already = Omit<Repair, 'line'> & Readonly<{ line: number | null }>

/**
 * The plan of a detach, or the cluster as detached already: by a commented-out line or by its record. Throws
 * what planDetach throws.
 */
export const findPlan = (
  { checkout, roots, directory }: Clone,
  { cluster, mode }: Readonly<{ cluster: string; mode: EditMode }>,
): Plan | Already => {
  const { tree } = checkout
  try {
    return planDetach(tree, { cluster, roots, mode })
  } catch (error) {
    const code = error instanceof RefusedError ? error.code : null
    if (code !== 'ALREADY_DETACHED' && code !== 'CLUSTER_NOT_FOUND') throw error
    const repair = planRepair(tree, { cluster, roots })
    const [edit] = readRecordAt(checkout, { directory, cluster })?.detached?.edits ?? []
    const known = edit && { file: edit.file, line: edit.line, entry: entryIn(edit.before) }
    // Of several commented-out lines the record knows the one that was live.
    if (repair) return edit && stands(tree, edit) ? { ...repair, ...known } : repair
    // It was deleted there; but a file that no root reaches says nothing of what the roots render.
    const isReached = known && rootsReaching(tree, { roots, paths: [known.file] }).length > 0
    if (isReached) return { ...known, line: null, edits: [] }
    throw error
  }
}

/** The entry on a line of a list. */
const entryIn = (line: string): string => line.trim().replace(/^- +/, '')

/** Whether a file still holds at its place what an edit left there. */
const stands = (tree: RepositoryTree, { file, line, after }: RecordedEdit): boolean =>
  tree.entry(file) === 'file' &&
  textAt(tree, file)
    .split('\n')
    .slice(line - 1)
    .join('\n')
    .startsWith(after)

type RecordedEdit = Detached['edits'][number]
