import posix from 'node:path/posix'
import { RefusedError } from '../../errors.ts'
import { defaultRoots } from '../kustomization/default-roots.ts'
import { liveEntries } from '../kustomization/find-cluster.ts'
import { readRecord, seedPaths } from '../record/record.ts'
import { textAt, type RepositoryTree } from '../repository-tree.ts'
import { generatorsIn } from '../seedgen/generators-in.ts'
import { clusterAnnotation } from '../seedgen/manifests.ts'
import { clusterInstances, seedGenerators } from './cluster-instances.ts'
import type { Guard, Scene, Violation } from './guard.ts'
import type { RenderedObject } from './rendered-object.ts'

/** A cluster is either managed by the hub or a seed: each half of this refuses the other. */
export const seedExclusive: Guard = {
  rule: 'seed-exclusive',
  refuses:
    'a SeedGenerator for a cluster that a kustomization still lists, and a ClusterInstance whose `seeds/<cluster>` holds a SeedGenerator or a record that says detached, unless `sower reattach` has acknowledged it there',
  because:
    'siteconfig would render the hosts of a running cluster anew and may reinstall them, as after a revert of the detach by a button',
  isAlways: false,
  judge: scene => {
    const { tree, objects, settings } = scene
    const generators = seedGenerators(objects)
    const instances = clusterInstances(objects)
    if (generators.length === 0 && instances.size === 0) return 'not applicable'
    const seeds = foldersIn(tree, settings.directory)
    return [
      ...generators.flatMap(generator => stillListed(generator, scene)),
      ...[...instances].flatMap(([cluster, instances]) =>
        seeds.has(cluster) ? detachedStill(cluster, instances, scene) : [],
      ),
    ]
  },
}

const foldersIn = (tree: RepositoryTree, directory: string): ReadonlySet<string> => {
  const kind = tree.entry(directory)
  if (kind !== 'symlink') return new Set(kind === 'directory' ? tree.list(directory) : [])
  throw new RefusedError('ENTRY_SYMLINK', `reading ${directory}: it is a symbolic link`, {
    fix: 'replace the link by the directory that it points to',
  })
}

const stillListed = (generator: RenderedObject, scene: Scene): readonly Violation[] => {
  const { tree, path, settings } = scene
  const cluster = generator.annotations()[clusterAnnotation] ?? posix.basename(path)
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

const detachedStill = (
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
