import { createHash } from 'node:crypto'
import posix from 'node:path/posix'
import { countObjects } from '../kustomization/unsafe/unsafe-references.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'
import type { RepositoryTree } from '../repository-tree.ts'
import { sizeLimits } from '../size-limits.ts'
import { classifyTree, type Unit } from './classify-tree.ts'
import { cutShards, usualShards, type ShardSize } from './cut-shards.ts'
import { doubtInText } from './doubt-in-text.ts'
import { referringKindIn } from './may-refer.ts'

/** A unit and what a build of it reads. */
export type ReadUnit = Unit &
  Readonly<{
    objects: number
    /** The text of a file; empty for a directory. */
    text: string
    /** Digest of the names and bytes of every file that a build of a directory can read; empty for a file. */
    digest: string
  }>

/** The shards of a tree, or why it is built as a whole. */
export type ShardPlan =
  | Readonly<{ shards: readonly (readonly ReadUnit[])[]; hasGenerators: boolean; reason: null }>
  | Readonly<{ shards: null; reason: string }>

/** Below that many objects the starts of kustomize cost as much as what they save. */
const fewestObjects = 500

/** The most that is read for one render. */
const most = { bytes: 256 * 1024 * 1024, files: 100_000 }

type Options = Readonly<{ size?: ShardSize; fewest?: number }>

/**
 * Decides whether a root is built in shards, and in which. Throws only what reading a file throws. The options are for
 * tests.
 */
export const planShards = (
  view: RepositoryView,
  root: string,
  { size = usualShards, fewest = fewestObjects }: Options = {},
): ShardPlan => {
  const { units, reason } = classifyTree(view, root)
  if (units === null) return { shards: null, reason }
  const reading = createReading(view)
  const read: ReadUnit[] = []
  for (const unit of units) {
    const result = unit.kind === 'file' ? reading.file(unit) : reading.directory(unit)
    if (typeof result === 'string') return { shards: null, reason: result }
    read.push(result)
  }
  const objects = read.reduce((sum, unit) => sum + unit.objects, 0)
  if (objects < fewest) return { shards: null, reason: `it has only about ${objects} objects` }
  const shards = cutShards(read, size)
  if (shards.length === 1)
    return { shards: null, reason: 'nearly all objects come from one file or directory' }
  return { shards, hasGenerators: units.some(unit => unit.hasGenerators), reason: null }
}

/** Reads units, each directory once; gives a reason where a file stands against shards. */
const createReading = (
  view: RepositoryView,
): Readonly<{
  file: (unit: Unit) => ReadUnit | string
  directory: (unit: Unit) => ReadUnit | string
}> => {
  let { bytes: left, files } = most
  const known = new Map<string, Found | string>()
  const look = (path: string): Readonly<{ bytes: Uint8Array; text: string }> | string => {
    const size = view.size(path)
    left -= size
    files -= 1
    if (size > sizeLimits.file || left < 0 || files < 0) return `${path} is more than is looked at`
    const bytes = view.read(path)
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    const doubt = doubtInText(text)
    if (doubt !== null) return `${path}: ${doubt}`
    // It is looked for in the renders, too; here it saves making them.
    const kind = referringKindIn(text)
    return kind === null ? { bytes, text } : `${path}: a ${kind} may refer to another object`
  }
  const below = (directory: string): Found | string => {
    const hash = createHash('sha256')
    let objects = 0
    for (const path of filesBelow(view, directory)) {
      if (path === null) return `${directory} holds a symbolic link, or a .git`
      const found = look(path)
      if (typeof found === 'string') return found
      objects += countObjects(found.text)
      hash.update(`${path.length} ${found.bytes.length} ${path}`).update(found.bytes)
    }
    return { objects, digest: hash.digest('hex') }
  }
  return {
    file: unit => {
      const found = look(unit.path)
      if (typeof found === 'string') return found
      return { ...unit, objects: countObjects(found.text), text: found.text, digest: '' }
    },
    directory: unit => {
      const hash = createHash('sha256')
      let objects = 0
      for (const directory of unit.reads) {
        const found = known.get(directory) ?? below(directory)
        known.set(directory, found)
        if (typeof found === 'string') return found
        objects += found.objects
        hash.update(`${directory.length} ${directory}${found.digest}`)
      }
      return { ...unit, objects, text: '', digest: hash.digest('hex') }
    },
  }
}

type Found = Readonly<{ objects: number; digest: string }>

/** The files below a directory; null for what a build could read and a digest could miss. */
const filesBelow = function* (tree: RepositoryTree, top: string): Generator<string | null> {
  const open = [top]
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    if (tree.entry(posix.join(directory, '.git')) !== undefined) yield null
    for (const name of tree.list(directory)) {
      const path = posix.join(directory, name)
      const kind = tree.entry(path)
      if (kind === 'directory') open.push(path)
      else yield kind === 'file' ? path : null
    }
  }
}
