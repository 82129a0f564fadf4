import posix from 'node:path/posix'
import { RefusedError } from '../../errors.ts'
import { clustersIn, type ClusterObject } from '../cluster/cluster-objects.ts'
import type { RepositoryTree } from '../repository-tree.ts'
import { commentedEntries } from './comment-style.ts'
import { parseKustomization, type Entry, type Kustomization } from './parse-kustomization.ts'

/** The names that kustomize looks for, one of them in a directory (konfig/general.go:11-17). */
const kustomizationNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const

/** A live entry that brings the cluster's ClusterInstance in. */
export type Found = Readonly<{
  kustomization: Kustomization
  entry: Entry
  /** The file with the ClusterInstance. */
  source: string
  object: ClusterObject
  /** The roots that reach the entry. */
  roots: readonly string[]
}>

/** What the walk over the roots saw of a cluster. */
export type Search = Readonly<{
  found: readonly Found[]
  /** Entries of it that are commented out, as `file:line`. */
  commentedOut: readonly string[]
}>

/**
 * Looks for a cluster by `spec.clusterName`, never by file name, through `resources`, `generators`, `bases`
 * and `components` from the given roots (directories relative to the repository).
 * Throws RefusedError where an entry cannot be followed safely: ENTRY_REMOTE, ENTRY_OUTSIDE, ENTRY_INLINE,
 * ENTRY_MISSING, ENTRY_SYMLINK, KUSTOMIZATION_MISSING, KUSTOMIZATION_UNREADABLE.
 */
export const searchCluster = (
  tree: RepositoryTree,
  { cluster, roots }: Readonly<{ cluster: string; roots: readonly string[] }>,
): Search => {
  const found = new Map<string, Found>()
  const commentedOut = new Set<string>()
  for (const root of roots)
    for (const kustomization of reachable(tree, root)) {
      const directory = posix.dirname(kustomization.path)
      for (const { entry, path } of fileEntries(tree, kustomization)) {
        const object = clustersIn(tree, path, cluster).find(({ name }) => name === cluster)
        if (!object) continue
        const place = `${kustomization.path}:${entry.start}`
        const roots = [...new Set([...(found.get(place)?.roots ?? []), root])]
        found.set(place, { kustomization, entry, source: path, object, roots })
      }
      for (const { value, line } of commentedEntries(kustomization.text)) {
        const path = posix.normalize(posix.join(directory, value))
        if (isInside(path) && tree.entry(path) === 'file')
          if (clustersIn(tree, path, cluster).some(({ name }) => name === cluster))
            commentedOut.add(`${kustomization.path}:${line}`)
      }
    }
  return { found: [...found.values()], commentedOut: [...commentedOut] }
}

/**
 * The one live entry of a cluster.
 * Throws RefusedError CLUSTER_NOT_FOUND, ALREADY_DETACHED (only commented-out entries), CLUSTER_AMBIGUOUS
 * (several entries) or SHARED_FILE (its file brings other objects in too), beside what searchCluster throws.
 */
export const findCluster = (
  tree: RepositoryTree,
  request: Readonly<{ cluster: string; roots: readonly string[] }>,
): Found => {
  const { cluster } = request
  const { found, commentedOut } = searchCluster(tree, request)
  const [first, second] = found
  const doing = `looking for cluster ${cluster}`
  if (!first) {
    if (commentedOut.length)
      throw new RefusedError(
        'ALREADY_DETACHED',
        `${doing}: its entry is commented out already at ${commentedOut.join(', ')}`,
        { fix: 'nothing is to be done' },
      )
    throw new RefusedError(
      'CLUSTER_NOT_FOUND',
      `${doing}: no ClusterInstance with spec.clusterName ${cluster} is listed below ${request.roots.join(', ')}`,
      {
        fix: 'check the name (it is spec.clusterName, not the file name) and `roots` in sower.yaml',
      },
    )
  }
  if (second)
    throw new RefusedError(
      'CLUSTER_AMBIGUOUS',
      `${doing}: it is listed ${found.length} times: ${found
        .map(
          ({ kustomization, entry, source }) => `${kustomization.path}:${entry.line} (${source})`,
        )
        .join(', ')}`,
      { fix: 'leave one of the entries, or narrow `roots` in sower.yaml' },
    )
  if (first.object.companions.length)
    throw new RefusedError(
      'SHARED_FILE',
      `${doing}: ${first.source} also holds ${first.object.companions.join(', ')}, which would leave with it`,
      { fix: 'move the ClusterInstance into a file of its own first' },
    )
  return first
}

const isInside = (path: string): boolean =>
  path !== '..' && !path.startsWith('../') && !posix.isAbsolute(path)

/** Reads the kustomization file of a directory. */
export const kustomizationIn = (tree: RepositoryTree, directory: string): Kustomization => {
  const paths = kustomizationNames
    .map(name => posix.join(directory, name))
    .filter(path => tree.entry(path) !== undefined)
  const [path, other] = paths
  if (path === undefined || other !== undefined)
    throw new RefusedError(
      'KUSTOMIZATION_MISSING',
      `reading ${directory}: ${path === undefined ? 'it has no kustomization file' : `it has several kustomization files: ${paths.join(', ')}`}`,
      {
        fix: 'a directory that is listed or configured as a root needs exactly one kustomization.yaml',
      },
    )
  if (tree.entry(path) !== 'file')
    throw new RefusedError('ENTRY_SYMLINK', `reading ${path}: it is not a plain file`, {
      fix: 'replace the link by the file',
    })
  return parseKustomization(path, textOf(tree, path))
}

/** The bytes as text from which the same bytes can be written again. */
const textOf = (tree: RepositoryTree, path: string): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(tree.read(path))
  } catch {
    throw new RefusedError('KUSTOMIZATION_UNREADABLE', `reading ${path}: it is not UTF-8`, {
      fix: 'save the file in UTF-8',
    })
  }
}

/** All kustomizations that a root reaches, itself first, each once. */
export const reachable = (tree: RepositoryTree, root: string): readonly Kustomization[] => {
  const seen = new Map<string, Kustomization>()
  const visit = (directory: string): void => {
    if (seen.has(directory)) return
    const kustomization = kustomizationIn(tree, directory)
    seen.set(directory, kustomization)
    for (const { path } of entriesOf(tree, kustomization))
      if (tree.entry(path) === 'directory') visit(path)
  }
  visit(posix.normalize(root).replace(/\/$/, ''))
  return [...seen.values()]
}

const fileEntries = (tree: RepositoryTree, kustomization: Kustomization): readonly Target[] =>
  entriesOf(tree, kustomization).filter(({ path }) => tree.entry(path) === 'file')

type Target = Readonly<{ entry: Entry; path: string }>

/** The live entries of a kustomization with the paths they lead to, each checked to stay in the repository. */
export const entriesOf = (tree: RepositoryTree, kustomization: Kustomization): readonly Target[] =>
  kustomization.lists
    .flatMap(({ entries }) => entries)
    .map(entry => {
      const { value } = entry
      const refuse = (
        code: 'ENTRY_REMOTE' | 'ENTRY_INLINE' | 'ENTRY_OUTSIDE' | 'ENTRY_MISSING' | 'ENTRY_SYMLINK',
        reason: string,
      ): RefusedError =>
        new RefusedError(code, `reading ${kustomization.path}:${entry.line}: ${reason}`, {
          fix: 'list files and directories of this repository only',
        })
      if (value.includes('\n')) throw refuse('ENTRY_INLINE', 'the entry is inline YAML')
      if (/:\/\/|^[^/]*@|^[^/]*:|\?ref=/.test(value))
        throw refuse('ENTRY_REMOTE', `${value} is fetched from elsewhere`)
      const path = posix
        .normalize(posix.join(posix.dirname(kustomization.path), value))
        .replace(/\/$/, '')
      if (posix.isAbsolute(value) || !isInside(path))
        throw refuse('ENTRY_OUTSIDE', `${value} leads out of the repository`)
      const kind = tree.entry(path)
      if (kind === 'symlink') throw refuse('ENTRY_SYMLINK', `${value} is a symbolic link`)
      if (kind === undefined) throw refuse('ENTRY_MISSING', `${value} is not there`)
      return { entry, path }
    })
