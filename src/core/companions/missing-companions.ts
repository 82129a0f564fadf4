import { commentedTargets, type CommentedOut } from '../cluster/commented-out.ts'
import { clusterKind, type ClusterKind } from '../cluster/kinds.ts'
import { holdsName } from '../cluster/names-cluster.ts'
import {
  belongsTo,
  groupOf,
  isClusterKind,
  objectIdentity,
  objectsIn,
} from '../cluster/object-identity.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'
import type { Walk } from '../kustomization/walk.ts'
import { textAt } from '../repository-tree.ts'
import { fieldsOf, textOf } from '../yaml/fields-of.ts'
import { findCompanions, namespacesOf } from './find-companions.ts'
import { referencesOfCluster, referencesOfSite } from './references-of-cluster.ts'

/** An object that a ClusterInstance or SiteConfig needs on the hub and no root brings. */
export type Missing = Readonly<{
  /** The kind that needs it. */
  by: ClusterKind['kind']
  /** `group/Kind/namespace/name` */
  object: string
  /** The commented-out line that would bring it; null where there is none. */
  line: CommentedOut | null
  /** Nothing but the cluster's own would come with that line. */
  isAlone: boolean
}>

/**
 * Finds what a cluster that comes back needs and neither a render nor the files of the roots bring: the namespace of its
 * ClusterInstance, without which Argo CD fails the whole sync, and the Secrets and ConfigMaps that this refers to; of a
 * SiteConfig the Secrets alone, since the generator makes the namespace itself. A SealedSecret or an ExternalSecret of a
 * name stands for its Secret. `instance` is the object as rendered, or as written where nothing rendered it;
 * `rendered` are identities.
 */
export const missingCompanions = (
  view: RepositoryView,
  {
    walks,
    cluster,
    instance,
    rendered,
  }: Readonly<{
    walks: readonly Walk[]
    cluster: string
    instance: unknown
    rendered: readonly string[]
  }>,
): readonly Missing[] => {
  const needs = needsOf(instance, cluster)
  if (needs === null) return []
  const { by, namespace, needed } = needs
  const listed = findCompanions(view, { walks, source: null, namespace })
  const present = new Set([...rendered, ...listed.map(({ object }) => object)].map(asSecret))
  const missing = [...new Set(needed)].filter(object => !present.has(object))
  if (missing.length === 0) return []
  const lines = commentedLines(view, { walks, namespace })
  return missing.map(object => {
    const bringing = lines.filter(({ objects }) => objects.map(asSecret).includes(object))
    const best = bringing.find(({ isAlone }) => isAlone) ?? bringing[0]
    return { by, object, line: best?.line ?? null, isAlone: best?.isAlone === true }
  })
}

type Needs = Readonly<{ by: Missing['by']; namespace: string; needed: readonly string[] }>

/** The needs of an object; null where it brings no cluster, or says no namespace. */
const needsOf = (instance: unknown, cluster: string): Needs | null => {
  const fields = fieldsOf(instance)
  const by = clusterKind(groupOf(textOf(fields, 'apiVersion')), textOf(fields, 'kind'))?.kind
  if (by === undefined) return null
  if (by === 'SiteConfig')
    return { by, namespace: cluster, needed: referencesOfSite(instance, cluster) }
  const namespace = textOf(fieldsOf(fields.get('metadata')), 'namespace')
  if (namespace === '') return null
  return { by, namespace, needed: [`/Namespace//${namespace}`, ...referencesOfCluster(instance)] }
}

const asSecret = (identity: string): string =>
  identity.replace(/^[^/]+\/(?:SealedSecret|ExternalSecret)\//, '/Secret/')

type CommentedLine = Readonly<{
  line: CommentedOut
  objects: readonly string[]
  isAlone: boolean
}>

/** The commented-out lines of the roots behind which something of a namespace stands. */
const commentedLines = (
  view: RepositoryView,
  { walks, namespace }: Readonly<{ walks: readonly Walk[]; namespace: string }>,
): readonly CommentedLine[] =>
  namespacesOf(walks).flatMap(place =>
    commentedTargets(view, place).flatMap(({ kind, ...line }): readonly CommentedLine[] => {
      const files =
        kind === 'file'
          ? [{ path: line.path, forced: place.namespace }]
          : namespacesOf([view.walk(line.path)]).flatMap(inside =>
              inside.targets.flatMap(target =>
                target.kind === 'file'
                  ? [{ path: target.path, forced: place.namespace || inside.namespace }]
                  : [],
              ),
            )
      const isMeant = ({ path, forced }: (typeof files)[number]): boolean =>
        forced === namespace || holdsName(textAt(view, path), namespace)
      if (!files.some(isMeant)) return []
      const found = files.flatMap(({ path, forced }) =>
        objectsIn(textAt(view, path)).map(object => object && identityIn(object, forced)),
      )
      const objects = found.filter(object => object !== null)
      const isOwn = (object: string | null): boolean =>
        object !== null && !isClusterKind(object) && belongsTo(object, namespace)
      return [{ line, objects, isAlone: found.every(isOwn) }]
    }),
  )

/** An object's identity under the namespace that kustomize puts it in, which renames namespaces, too. */
const identityIn = (
  object: NonNullable<ReturnType<typeof objectsIn>[number]>,
  forced: string,
): string => {
  const { name, namespace } = object.metadata
  const metadata =
    object.kind === 'Namespace'
      ? { name: forced || name }
      : { name, namespace: forced || namespace }
  return objectIdentity({ ...object, metadata })
}
