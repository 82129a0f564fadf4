import posix from 'node:path/posix'
import { holdsName } from '../cluster/names-cluster.ts'
import { clustersOf, isClusterKind, objectIdentity, objectsIn } from '../cluster/object-identity.ts'
import { referencesOfCluster } from './references-of-cluster.ts'
import type { Found } from '../cluster/find-cluster.ts'
import type { Entry, Kustomization } from '../kustomization/parse-kustomization.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'
import type { Walk } from '../kustomization/walk.ts'
import { textAt } from '../repository-tree.ts'
import { documentsIn } from '../yaml/documents-in.ts'
import { findCompanions } from './find-companions.ts'

/** An entry that brings in a cluster with other objects, all of them its own: its file, or a directory above. */
export type WholeEntry = Readonly<{
  kustomization: Kustomization
  entry: Entry
  /** Objects in its files beside the cluster's own, `group/Kind/namespace/name`. */
  objects: readonly string[]
  /** The files and kustomizations that leave with it. */
  files: ReadonlySet<string>
}>

/** From where the cluster is looked for, and the entry that brings it. */
type Standing = Readonly<{
  cluster: string
  roots: readonly string[]
  walks: readonly Walk[]
  found: Found
}>

/**
 * The entry nearest to the roots that brings in nothing but the cluster and what is its own: what is in its namespace,
 * that namespace, and the Secrets and ConfigMaps that its ClusterInstance refers to and no other listed file names.
 * Null where the cluster's file holds others, or where it stands alone. A render has to prove it.
 */
export const wholeEntry = (view: RepositoryView, standing: Standing): WholeEntry | null => {
  const { found } = standing
  const isOwn = ownIn(view, standing)
  const own = isOwn(found.source)
  if (own === null) return null
  const file: WholeEntry = {
    kustomization: found.kustomization,
    entry: found.entry,
    objects: own,
    files: new Set([found.source]),
  }
  const whole = upwards(view, standing, { below: file, isOwn })
  return whole.objects.length === 0 ? null : whole
}

/** True if the file that brings the cluster in holds something beside it, all of which is its own. */
export const isOwnFile = (view: RepositoryView, standing: Standing): boolean =>
  ownIn(view, standing)(standing.found.source) !== null

type Own = (path: string) => readonly string[] | null

/** The objects in a file beside the cluster's own; null where they are not all the cluster's. */
const ownIn = (view: RepositoryView, { cluster, walks, found }: Standing): Own => {
  const companions = findCompanions(view, { walks, source: null, namespace: cluster })
  const listed = walks.flatMap(({ reached }) =>
    reached.flatMap(({ targets }) => targets.filter(({ kind }) => kind === 'file')),
  )
  const isSharedName = (identity: string): boolean => {
    const name = identity.slice(identity.lastIndexOf('/') + 1)
    return listed.some(({ path }) => path !== found.source && holdsName(textAt(view, path), name))
  }
  const referred = documentsIn(textAt(view, found.source)).flatMap(referencesOfCluster)
  return path => {
    const objects = objectsIn(textAt(view, path))
    const others = objects.filter(object => object && !isClusterKind(objectIdentity(object)))
    // A SiteConfig may bring several clusters; what cannot be read may be one.
    const clusters = objects
      .filter(object => !object || isClusterKind(objectIdentity(object)))
      .reduce((count, object) => count + Math.max(1, clustersOf(object).length), 0)
    // What cannot be read, or is another cluster, is nobody's own.
    if (clusters !== (path === found.source ? 1 : 0)) return null
    const known = new Set(companions.filter(one => one.source === path).map(one => one.object))
    const identities = others.map(objectIdentity)
    const rest = identities.length - known.size
    const byReference = identities.filter(
      identity => !known.has(identity) && referred.includes(identity) && !isSharedName(identity),
    )
    return rest === byReference.length ? [...known, ...byReference] : null
  }
}

const upwards = (
  view: RepositoryView,
  standing: Standing,
  { below, isOwn }: Readonly<{ below: WholeEntry; isOwn: Own }>,
): WholeEntry => {
  const { roots, walks } = standing
  const directory = posix.dirname(below.kustomization.path)
  if (roots.includes(directory)) return below
  const places = new Map(
    walks.flatMap(({ reached }) => reached.map(place => [place.directory, place] as const)),
  )
  const listing = [...places.values()].flatMap(({ kustomization, targets }) =>
    targets
      .filter(({ kind, path }) => kind === 'directory' && path === directory)
      .map(({ entry }) => ({ kustomization, entry })),
  )
  const [above, second] = listing
  const inside = [...view.walk(directory).reached]
  if (!above || second || inside.some(({ directory }) => roots.includes(directory))) return below
  const paths = inside.flatMap(({ targets }) =>
    targets.flatMap(({ kind, path }) => (kind === 'file' ? [path] : [])),
  )
  const objects: string[] = []
  for (const path of new Set(paths)) {
    const own = isOwn(path)
    if (own === null) return below
    objects.push(...own)
  }
  const whole = {
    ...above,
    objects,
    files: new Set([...paths, ...inside.map(({ kustomization }) => kustomization.path)]),
  }
  return upwards(view, standing, { below: whole, isOwn })
}
