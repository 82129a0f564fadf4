import { isDeepEqual } from '../yaml/is-deep-equal.ts'
import {
  belongsTo,
  clustersOf,
  isClusterKind,
  objectIdentity,
  shownIdentity,
} from '../cluster/object-identity.ts'
import { heldObjects, type Held } from './held-objects.ts'
import { clusterInstance } from '../cluster/kinds.ts'
import { referencesOfCluster } from '../companions/references-of-cluster.ts'
import { fieldsOf, textOf as fieldText } from '../yaml/fields-of.ts'
import { readRender, type RenderedObject } from '../render/rendered-object.ts'

/** The objects that one root renders less, more or otherwise after an edit; an object is `group/Kind/namespace/name`. */
export type Difference = Readonly<{
  removed: readonly string[]
  /** The clusters that the removed ClusterInstances and SiteConfigs bring. */
  removedClusters: readonly string[]
  /** Those of `removed` that a removed ClusterInstance refers to, and none that stays. */
  owned: readonly string[]
  /** Those of `removed` that Argo CD does not prune after the removed ClusterInstance. */
  prunedTooEarly: readonly string[]
  added: readonly string[]
  changed: readonly string[]
  /** The objects that are in both are in the same order. */
  orderKept: boolean
  /** How many objects are left: with none, Argo CD sees an empty application. */
  left: number
  /** Those of the removed objects that Argo CD keeps all the same. Missing where there is none. */
  held?: readonly Held[]
}>

/**
 * Compares two renders of one root object by object. kustomize's output is canonical, so equal objects are
 * equal texts, and only what differs is parsed. Throws as reading a render does.
 */
export const compareRenders = (before: string, after: string): Difference => {
  const [old, now] = [readRender(before), readRender(after)]
  const [oldTexts, nowTexts] = [new Set(old.map(textOf)), new Set(now.map(textOf))]
  const onlyIn = (
    objects: readonly RenderedObject[],
    others: ReadonlySet<string>,
  ): ReadonlyMap<string, unknown> =>
    new Map(
      objects
        .filter(({ text }) => !others.has(text))
        .map(({ value }) => [objectIdentity(value()), value()]),
    )
  const gone = onlyIn(old, nowTexts)
  const come = onlyIn(now, oldTexts)
  const removed = [...gone].filter(([identity]) => !come.has(identity))
  const held = heldObjects(removed.map(([, object]) => object))
  return {
    ...(held.length > 0 ? { held } : {}),
    removed: removed.map(([identity]) => identity),
    removedClusters: removed
      .filter(([identity]) => isClusterKind(identity))
      .flatMap(([, object]) => clustersOf(object).map(({ name }) => name)),
    owned: ownedBy(removed, now),
    prunedTooEarly: prunedTooEarly(removed),
    added: [...come.keys()].filter(identity => !gone.has(identity)),
    changed: [...gone.keys()].filter(identity => come.has(identity)),
    orderKept: isDeepEqual(
      old.map(textOf).filter(text => nowTexts.has(text)),
      now.map(textOf).filter(text => oldTexts.has(text)),
    ),
    left: now.length,
  }
}

type Removed = readonly (readonly [string, unknown])[]

const ownedBy = (removed: Removed, now: readonly RenderedObject[]): readonly string[] => {
  const referred = removed.flatMap(([, object]) => referencesOfCluster(object))
  const owned = removed.map(([identity]) => identity).filter(one => referred.includes(one))
  if (owned.length === 0) return []
  const staying = now.filter(({ kind }) => kind === clusterInstance.kind)
  const kept = new Set(staying.flatMap(({ value }) => referencesOfCluster(value())))
  return owned.filter(identity => !kept.has(identity))
}

const annotationsOf = (object: unknown): ReadonlyMap<string, unknown> =>
  fieldsOf(fieldsOf(fieldsOf(object).get('metadata')).get('annotations'))

const waveOf = (object: unknown): number =>
  Number.parseInt(fieldText(annotationsOf(object), 'argocd.argoproj.io/sync-wave'), 10) || 0

/**
 * Argo CD prunes the highest wave first and waits until it is gone (gitops-engine pkg/sync/sync_context.go). In one
 * wave the namespace and the Secrets of the hosts go at once, and a BareMetalHost may then never let go.
 */
const prunedTooEarly = (removed: Removed): readonly string[] => {
  const [cluster] = removed.filter(([identity]) => isClusterKind(identity))
  if (!cluster) return []
  const wave = waveOf(cluster[1])
  const isKept = (object: unknown): boolean =>
    fieldText(annotationsOf(object), 'argocd.argoproj.io/sync-options')
      .split(',')
      .some(option => option.trim() === 'Prune=false')
  return removed.flatMap(([identity, object]) =>
    isClusterKind(identity) || isKept(object) || waveOf(object) < wave ? [] : [identity],
  )
}

const textOf = ({ text }: RenderedObject): string => text

/** The difference of one root, by the root's path; static where nothing could be rendered. */
export type RootDifference = Difference & Readonly<{ path: string; isStatic: boolean }>

/** The objects that are meant to leave. */
export type Expected = Readonly<{
  cluster: string
  /** The one object that brings the cluster. */
  object: boolean
  /** True to let everything else in the cluster's namespace leave, that namespace, and objects that only its ClusterInstance refers to. */
  companions: boolean
}>

const named = (identities: readonly string[]): string => identities.map(shownIdentity).join(', ')

/** Why the differences of all roots are not exactly what is meant to leave; null when they are. */
export const refuseDifference = (
  roots: readonly RootDifference[],
  { cluster, object, companions }: Expected,
): string | null => {
  const mayLeave = (identity: string, owned: readonly string[]): boolean =>
    isClusterKind(identity)
      ? object
      : companions && (belongsTo(identity, cluster) || owned.includes(identity))
  for (const { path, removed, removedClusters, owned, added, changed, orderKept } of roots) {
    if (added.length) return `${path} would render more: ${named(added)}`
    if (changed.length) return `${path} would render otherwise: ${named(changed)}`
    if (!orderKept) return `${path} would render its objects in another order`
    const others = removed.filter(identity => !mayLeave(identity, owned))
    if (others.length) return `${path} would also lose ${named(others)}`
    const foreign = removedClusters.filter(name => name !== cluster)
    if (foreign.length) return `${path} would lose the cluster ${foreign.join(', ')}`
    const bringing = removed.filter(isClusterKind)
    if (bringing.length > 1) return `${path} would lose several objects: ${named(bringing)}`
    if (bringing.length !== removedClusters.length)
      return `${path} would lose ${named(bringing)}, which names no cluster, or several`
  }
  if ((object || companions) && roots.every(({ removed }) => removed.length === 0))
    return `no render loses anything: what brings ${cluster} does not come from this entry`
  return null
}
