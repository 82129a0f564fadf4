import posix from 'node:path/posix'
import { containedFields } from '../render/contained-fields.ts'
import { pathOf, type Target } from '../kustomization/follow-entry.ts'
import type { Kustomization } from '../kustomization/parse-kustomization.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'
import { realPath } from '../repository-tree.ts'

/** A piece that is built whole: a listed file, or a directory whose own kustomization changes what it lists. */
export type Unit = Readonly<{
  path: string
  kind: 'file' | 'directory'
  /** The directories whose files a build of it can read; none for a file. */
  reads: readonly string[]
  /** Its objects may get the hash of their content as a suffix of their name. */
  hasGenerators: boolean
}>

/** The units of a tree that can be built in shards, or why it cannot be. */
export type Classified =
  Readonly<{ units: readonly Unit[]; reason: null }> | Readonly<{ units: null; reason: string }>

/**
 * Decides whether a root renders the same in pieces: from it down, directories have lists of `resources` and nothing else. A
 * directory with any other field stays whole, and then all that it reaches may only have fields which act on what that
 * directory accumulates itself. Fields whose effect reaches the root are those that kustomize merges upwards or keeps
 * for the whole process: `vars`, `configurations`, `crds` (kusttarget.go, accumulateTarget and MergeAccumulator),
 * `openapi` (SetSchema), `buildMetadata`, and the order of the root, `sortOptions`.
 */
export const classifyTree = (view: RepositoryView, root: string): Classified => {
  const units: Unit[] = []
  const seen = new Set<string>()
  const open = [pathOf('.', root) ?? root]
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    const { reached, troubles } = view.reach(directory)
    if (reached === null || troubles.length > 0)
      return whole(`an entry of ${directory} cannot be followed`)
    const { kustomization, targets } = reached
    const field = unusualField(kustomization)
    const isRoot = directory === pathOf('.', root)
    if (field !== null && isRoot) return whole(`${kustomization.path} has ${field}`)
    const unit = field === null ? null : wholeDirectory(view, directory)
    if (unit !== null) {
      if (unit.units === null) return unit
      units.push(...unit.units)
      continue
    }
    if (realPath(view, kustomization.path) !== kustomization.path)
      return whole(`${kustomization.path} is a symbolic link`)
    for (const target of targets) {
      if (!isBelow(directory, target))
        return whole(
          `${kustomization.path} lists ${target.entry.value}, which is not a path below it`,
        )
      if (seen.has(target.path)) return whole(`${target.path} is listed twice`)
      seen.add(target.path)
      if (target.kind === 'directory') open.push(target.path)
      else units.push({ path: target.path, kind: 'file', reads: [], hasGenerators: false })
    }
  }
  return { units, reason: null }
}

const whole = (reason: string): Classified => ({ units: null, reason })

/** The only fields that may stand in a directory that is taken apart, with these values, in these letters. */
const plainValues: ReadonlyMap<string, unknown> = new Map([
  ['apiVersion', 'kustomize.config.k8s.io/v1beta1'],
  ['kind', 'Kustomization'],
])

const unusualField = ({ fields, lists }: Kustomization): string | null => {
  const other = Object.keys(fields).find(
    name =>
      name !== 'resources' && (!plainValues.has(name) || plainValues.get(name) !== fields[name]),
  )
  if (other !== undefined) return `the field ${other}`
  // From 5.1.0 on a list that is null, and none, are an error (CheckEmpty in types/kustomization.go).
  return lists.some(({ style }) => style !== 'null') ? null : 'no list that is written'
}

const wholeDirectory = (view: RepositoryView, directory: string): Classified => {
  const { reached, troubles } = view.walk(directory)
  if (troubles.length > 0) return whole(`an entry below ${directory} cannot be followed`)
  for (const { kustomization } of reached) {
    const other = Object.keys(kustomization.fields).find(
      name => !containedFields.has(name.toLowerCase()),
    )
    if (other !== undefined)
      return whole(`${kustomization.path} has the field ${other}, which may reach beyond it`)
  }
  const unit: Unit = {
    path: directory,
    kind: 'directory',
    reads: reached.map(place => place.directory),
    hasGenerators: reached.some(({ kustomization }) =>
      Object.keys(kustomization.fields).some(name => /generator$/i.test(name)),
    ),
  }
  return { units: [unit], reason: null }
}

/**
 * True if an entry is written as a plain path to something below its directory, with no link on the way: kustomize
 * refuses files outside and circles, takes some texts for addresses, and reads `file/` otherwise than `file`.
 */
const isBelow = (directory: string, { entry, path, kind }: Target): boolean =>
  /^(?:\.\/)?[\w-][\w.-]*(?:\/[\w-][\w.-]*)*\/?$/.test(entry.value) &&
  (kind === 'directory' || !entry.value.endsWith('/')) &&
  posix.normalize(entry.value) !== './' &&
  pathOf(directory, entry.value) === path
