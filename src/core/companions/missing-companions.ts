import { commentedTargets, type CommentedOut } from '../cluster/commented-out.ts'
import { clusterInstance } from '../cluster/kinds.ts'
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
import { referencesOfCluster } from './references-of-cluster.ts'

/** What a ClusterInstance needs on the hub and no root brings. */
export type Missing = Readonly<{
  /** `group/Kind/namespace/name` */
  object: string
  /** The commented-out line that would bring it; null where there is none. */
  line: CommentedOut | null
  /** Nothing but the cluster's own would come with that line. */
  isAlone: boolean
}>

/**
 * Finds what a ClusterInstance that comes back needs and neither a render nor the files of the roots bring: its
 * namespace, without which Argo CD fails the whole sync, and the Secrets and ConfigMaps that it refers to. A
 * SealedSecret or an ExternalSecret of a name stands for its Secret. `instance` is the object as rendered, or as
 * written where nothing rendered it; `rendered` are identities.
 */
export const missingCompanions = (
  view: RepositoryView,
  {
    walks,
    instance,
    rendered,
  }: Readonly<{ walks: readonly Walk[]; instance: unknown; rendered: readonly string[] }>,
): readonly Missing[] => {
  const namespace = namespaceOf(instance)
  if (namespace === '') return []
  const listed = findCompanions(view, { walks, source: null, namespace })
  const present = new Set([...rendered, ...listed.map(({ object }) => object)].map(asSecret))
  const needed = [`/Namespace//${namespace}`, ...referencesOfCluster(instance)]
  const missing = [...new Set(needed)].filter(object => !present.has(object))
  if (missing.length === 0) return []
  const lines = commentedLines(view, { walks, namespace })
  return missing.map(object => {
    const bringing = lines.filter(({ objects }) => objects.map(asSecret).includes(object))
    const best = bringing.find(({ isAlone }) => isAlone) ?? bringing[0]
    return { object, line: best?.line ?? null, isAlone: best?.isAlone === true }
  })
}

/** The namespace of a ClusterInstance; empty for anything else. */
const namespaceOf = (instance: unknown): string => {
  const fields = fieldsOf(instance)
  const isOne =
    textOf(fields, 'kind') === clusterInstance.kind &&
    groupOf(textOf(fields, 'apiVersion')) === clusterInstance.group
  return isOne ? textOf(fieldsOf(fields.get('metadata')), 'namespace') : ''
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
