import posix from 'node:path/posix'
import { defaultRoots } from '../cluster/default-roots.ts'
import { directoriesWithKustomization } from '../kustomization/every-path.ts'
import { liveEntries, suspectEntries } from '../cluster/find-cluster.ts'
import { kustomizationNames } from '../kustomization/kustomization-in.ts'
import { surveyRepository } from '../cluster/survey-repository.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'
import { readRecord, seedPaths, type SeedRecord } from '../detach/seed-record.ts'
import { textAt, type RepositoryTree } from '../repository-tree.ts'
import { names } from '../names.ts'
import { generatorsIn } from '../seedgen/generators-in.ts'
import { textOf } from '../yaml/fields-of.ts'
import type { Scene, Violation } from './guard.ts'
import type { RenderedObject } from '../render/rendered-object.ts'

/** That a SeedGenerator is rendered for a cluster which a kustomization still lists. */
export const stillListed = (
  generator: RenderedObject,
  { path, settings }: Scene,
  view: RepositoryView,
): readonly Violation[] => {
  const cluster = textOf(generator.annotations(), names.clusterAnnotation) || posix.basename(path)
  const roots = [...defaultRoots(view).roots, ...settings.roots]
  const fix = `detach it first, with \`sower detach ${cluster}\` or a pull request with the label seed`
  return [
    ...liveEntries(view, { cluster, roots }).map(({ kustomization, entry, source }) => ({
      file: `${kustomization.path}:${entry.line}`,
      reason: `the hub still manages its cluster ${cluster}: ${source} is listed`,
    })),
    ...suspectEntries(view, { cluster, roots }).map(({ message }) => ({
      file: path,
      reason: `the hub may still manage its cluster ${cluster}: ${message}`,
    })),
    ...namedInUnreadable(view, cluster).map(file => ({
      file,
      reason: `the hub may still manage its cluster ${cluster}, which this file names: Sower cannot read it`,
    })),
  ]
    .slice(0, 1)
    .map(found => ({ objects: [generator], ...found, fix }))
}

/** Kustomizations that kustomize may read otherwise than Sower, with a live line for a file that holds the cluster. */
const namedInUnreadable = (view: RepositoryView, cluster: string): readonly string[] => {
  const unreadable = directoriesWithKustomization(view.paths()).filter(
    directory => view.reach(directory).reached === null,
  )
  const holders = unreadable.length === 0 ? [] : [...surveyRepository(view, cluster).holders]
  return unreadable
    .flatMap(directory => kustomizationNames.map(name => posix.join(directory, name)))
    .filter(path => view.entry(path) === 'file')
    .filter(path => {
      const live = textAt(view, path).replace(/(?:^|\s)#.*$/gm, '')
      return holders.some(
        holder =>
          holder.startsWith(`${posix.dirname(path)}/`) && live.includes(posix.basename(holder)),
      )
    })
}

/** That something is rendered whose cluster is called detached, or a seed. */
export const detachedStill = (
  cluster: string,
  instances: readonly RenderedObject[],
  { tree, settings: { directory } }: Scene,
): readonly Violation[] => {
  const { record } = seedPaths(directory, cluster)
  const hasRecord = tree.entry(record) !== undefined
  if (hasRecord && isAcknowledged(tree, record, cluster)) return []
  const [generator] = generatorsIn(tree, posix.join(directory, cluster))
  const says = hasRecord
    ? `is detached, as ${record} says`
    : generator && `is a seed: ${generator} is there`
  if (says === undefined) return []
  return [
    {
      objects: instances,
      reason: `its cluster ${cluster} ${says}, and what brings it back may reinstall the host`,
      fix: `take it out again, or say \`sower reattach ${cluster} --i-understand-this-may-reinstall\` if that is meant`,
    },
  ]
}

const isReattached = ({ cluster, status }: SeedRecord, of: string): boolean =>
  cluster === of && status === 'reattached'

/** Every other record is of a cluster that left; what cannot be read may well say so, too. */
const isAcknowledged = (tree: RepositoryTree, path: string, of: string): boolean => {
  try {
    return tree.entry(path) === 'file' && isReattached(readRecord(path, textAt(tree, path)), of)
  } catch {
    return false
  }
}
