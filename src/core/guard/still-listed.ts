import posix from 'node:path/posix'
import { defaultRoots } from '../cluster/default-roots.ts'
import { unreadNaming } from '../cluster/opaque/unread-naming.ts'
import { liveEntries, suspectEntries } from '../cluster/find-cluster.ts'
import { readingOnce } from '../kustomization/repository-view.ts'
import { leftOut } from '../detach/left-out.ts'
import { readRecord, seedPaths, type SeedRecord } from '../detach/seed-record.ts'
import { textAt, type RepositoryTree } from '../repository-tree.ts'
import { sizeLimits } from '../size-limits.ts'
import { names } from '../names.ts'
import { generatorsIn } from '../seedgen/generators-in.ts'
import { textOf } from '../yaml/fields-of.ts'
import type { Scene, Violation } from './guard.ts'
import { readRender, type RenderedObject } from '../render/rendered-object.ts'
import { clustersRendered } from '../render/clusters-rendered.ts'
import { fileOfRoot, mostRoots, rootsToRender } from '../cluster/roots-to-render.ts'
import { refuseUnsafe } from '../kustomization/unsafe/refuse-unsafe.ts'
import { RefusedError } from '../../errors.ts'

/**
 * Refuses a SeedGenerator whose cluster a kustomization still lists, or renders where files do not tell the name. Such
 * roots are rendered only if the others do not list it; what cannot be rendered may hold it.
 */
export const stillListed = async (
  generator: RenderedObject,
  scene: Scene,
): Promise<readonly Violation[]> => {
  const { path, settings } = scene
  const tree = readingOnce(scene.tree)
  const cluster = textOf(generator.annotations(), names.clusterAnnotation) || posix.basename(path)
  const roots = [...defaultRoots(tree).roots, ...settings.roots]
  const live = liveEntries(tree, { cluster, roots })
  const walks = [...new Set(roots)].map(tree.walk)
  // An annotation or a patch may keep it out: a render says whether it does.
  const out = live.filter(entry => leftOut(tree, entry, walks)).flatMap(entry => entry.roots)
  const asked = [...new Set([...rootsToRender(tree, { cluster, roots }), ...out])]
  const found = live
    .filter(entry => entry.roots.some(root => !asked.includes(root)))
    .map(({ kustomization, entry, source }) => ({
      file: `${kustomization.path}:${entry.line}`,
      reason: `the hub still manages its cluster ${cluster}: ${source} is listed`,
    }))
  const suspects = suspectEntries(tree, { cluster, roots }).map(({ message }) => ({
    file: path,
    reason: `the hub may still manage its cluster ${cluster}: ${message}`,
  }))
  const unreadable = unreadNaming(tree, cluster, path).map(file => ({
    file,
    reason: `the hub may still manage its cluster ${cluster}, which this file names: Sower cannot read it`,
  }))
  const [first] = [...found, ...suspects, ...unreadable]
  const violation = first ?? (await stillRendered(scene, { cluster, asked }))
  const fix = `detach it first, with \`sower detach ${cluster}\` or a pull request with the label seed`
  return violation ? [{ objects: [generator], ...violation, fix }] : []
}

/** Renders roots one after the other until one holds the cluster; says otherwise of which one nobody knows. */
const stillRendered = async (
  { tree, renderOf }: Scene,
  { cluster, asked }: Readonly<{ cluster: string; asked: readonly string[] }>,
): Promise<Pick<Violation, 'file' | 'reason'> | undefined> => {
  const unknown: Readonly<{ file: string; reason: string }>[] = []
  for (const [index, root] of asked.entries()) {
    const file = fileOfRoot(tree, root)
    const cannot = (why: string): void => {
      const reason = `the hub may still manage its cluster ${cluster}: only a render of ${root} can say, and ${why}`
      unknown.push({ file, reason })
    }
    if (index === mostRoots) {
      cannot(`${asked.length} roots would have to be rendered, which are too many`)
      break
    }
    try {
      refuseUnsafe(tree, root)
      if (clustersRendered(readRender(await renderOf(root))).has(cluster))
        return { file, reason: `the hub still manages its cluster ${cluster}: ${root} renders it` }
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error
      cannot(error.message)
    }
  }
  return unknown[0]
}

/** Violation for a render with a cluster that is detached by its record, or a seed. */
export const detachedStill = (
  cluster: string,
  instances: readonly RenderedObject[],
  { tree, directory }: Readonly<{ tree: RepositoryTree; directory: string }>,
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
      fix: `take it out again, or say \`sower reattach ${cluster} --i-understand-this-may-reinstall\` if that is intended`,
    },
  ]
}

const isReattached = ({ cluster, status }: SeedRecord, of: string): boolean =>
  cluster === of && status === 'reattached'

/** Every other record is of a cluster that left; what cannot be read may well say so, too. */
const isAcknowledged = (tree: RepositoryTree, path: string, of: string): boolean => {
  try {
    return (
      tree.entry(path) === 'file' &&
      isReattached(readRecord(path, textAt(tree, path, sizeLimits.settings)), of)
    )
  } catch {
    return false
  }
}
