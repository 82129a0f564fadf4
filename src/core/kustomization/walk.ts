import { RefusedError } from '../../errors.ts'
import type { RepositoryTree } from '../repository-tree.ts'
import { followEntry, type Target } from './follow-entry.ts'
import { kustomizationIn } from './kustomization-in.ts'
import type { Kustomization } from './parse-kustomization.ts'

/** A kustomization, and where those of its entries lead that can be followed. */
export type Reached = Readonly<{
  directory: string
  kustomization: Kustomization
  targets: readonly Target[]
}>

/** The directories that a root reaches, itself first, each once, and the entries that cannot be followed safely. */
export type Walk = Readonly<{
  root: string
  reached: readonly Reached[]
  troubles: readonly RefusedError[]
}>

/** Reads the kustomization of a directory, or says why that cannot be done. */
export type ReadDirectory = (
  directory: string,
) => Readonly<{ reached: Reached | null; troubles: readonly RefusedError[] }>

/** Reads a directory again; a RepositoryView keeps what this gives. */
export const readDirectory = (
  tree: RepositoryTree,
  directory: string,
): ReturnType<ReadDirectory> => {
  try {
    const kustomization = kustomizationIn(tree, directory)
    const followed = kustomization.lists
      .flatMap(({ entries }) => entries)
      .map(entry => followEntry(tree, kustomization, entry))
    const isTrouble = (result: Target | RefusedError): result is RefusedError =>
      result instanceof RefusedError
    const targets = followed.flatMap(result => (isTrouble(result) ? [] : [result]))
    return {
      reached: { directory, kustomization, targets },
      troubles: followed.filter(isTrouble),
    }
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    return { reached: null, troubles: [error] }
  }
}

/** Follows directories from the given ones; circles end. */
export const walkFrom = (
  read: ReadDirectory,
  directories: readonly string[],
): Omit<Walk, 'root'> => {
  const seen = new Set<string>()
  const reached: Reached[] = []
  const troubles: RefusedError[] = []
  const open = [...directories].reverse()
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    if (seen.has(directory)) continue
    seen.add(directory)
    const found = read(directory)
    troubles.push(...found.troubles)
    if (!found.reached) continue
    reached.push(found.reached)
    for (const { path, kind } of [...found.reached.targets].reverse())
      if (kind === 'directory') open.push(path)
  }
  return { reached, troubles }
}

/** The walk of a root that leads out of the repository. */
export const outside = (root: string): Walk => {
  const reason = `reading the root ${root}: it leads out of the repository`
  const fix = 'name directories of this repository'
  return { root, reached: [], troubles: [new RefusedError('ENTRY_OUTSIDE', reason, { fix })] }
}

/** The reached directories from which one of the given ones is reached, those themselves among them. */
export const pathsTo = (
  { reached }: Pick<Walk, 'reached'>,
  directories: readonly string[],
): ReadonlySet<string> => {
  const parents = new Map<string, string[]>()
  for (const { directory, targets } of reached)
    for (const { path, kind } of targets) {
      if (kind !== 'directory') continue
      const known = parents.get(path)
      if (known) known.push(directory)
      else parents.set(path, [directory])
    }
  const leading = new Set<string>()
  const open = [...directories]
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    if (leading.has(directory)) continue
    leading.add(directory)
    for (const parent of parents.get(directory) ?? []) open.push(parent)
  }
  return new Set(reached.map(({ directory }) => directory).filter(path => leading.has(path)))
}
