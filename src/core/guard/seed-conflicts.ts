import posix from 'node:path/posix'
import { defaultRoots } from '../kustomization/default-roots.ts'
import { liveEntries } from '../kustomization/find-cluster.ts'
import { readRecord, seedPaths } from '../record/record.ts'
import { textAt, type RepositoryTree } from '../repository-tree.ts'
import { clusterAnnotation } from '../seedgen/cluster-annotation.ts'
import { generatorsIn } from '../seedgen/generators-in.ts'
import { textOf } from '../fields-of.ts'
import type { Scene, Violation } from './guard.ts'
import type { RenderedObject } from './rendered-object.ts'

/** That a SeedGenerator is rendered for a cluster which a kustomization still lists. */
export const stillListed = (generator: RenderedObject, scene: Scene): readonly Violation[] => {
  const { tree, path, settings } = scene
  const cluster = textOf(generator.annotations(), clusterAnnotation) || posix.basename(path)
  const roots = [...defaultRoots(tree).roots, ...settings.roots]
  const [entry] = liveEntries(tree, { cluster, roots })
  if (!entry) return []
  const place = `${entry.kustomization.path}:${entry.entry.line}`
  return [
    {
      objects: [generator],
      file: place,
      reason: `the hub still manages its cluster ${cluster}: ${entry.source} is listed`,
      fix: `detach it first, with \`sower detach ${cluster}\` or a pull request with the label seed`,
    },
  ]
}

/** That ClusterInstances are rendered whose cluster is called detached, or a seed. */
export const detachedStill = (
  cluster: string,
  instances: readonly RenderedObject[],
  { tree, settings: { directory } }: Scene,
): readonly Violation[] => {
  const { record } = seedPaths(directory, cluster)
  const hasRecord = tree.entry(record) !== undefined
  if (hasRecord && isAcknowledged(tree, record)) return []
  const [generator] = generatorsIn(tree, posix.join(directory, cluster))
  const says = hasRecord
    ? `is detached, as ${record} says`
    : generator && `is a seed: ${generator} is there`
  if (says === undefined) return []
  return [
    {
      objects: instances,
      reason: `its cluster ${cluster} ${says}, and a ClusterInstance that comes back may reinstall the host`,
      fix: `take it out again, or say \`sower reattach ${cluster} --i-understand-this-may-reinstall\` if that is meant`,
    },
  ]
}

/** Every other record is of a cluster that left; what cannot be read may well say so, too. */
const isAcknowledged = (tree: RepositoryTree, path: string): boolean => {
  try {
    return (
      tree.entry(path) === 'file' && readRecord(path, textAt(tree, path)).status === 'reattached'
    )
  } catch {
    return false
  }
}
