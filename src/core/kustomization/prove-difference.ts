import { parse } from 'yaml'
import { z } from 'zod'
import { isDeepEqual } from './deep-equal.ts'

/** What one root renders less, more or otherwise after an edit; an object is `group/Kind/namespace/name`. */
export type Difference = Readonly<{
  removed: readonly string[]
  /** `spec.clusterName` of the removed ClusterInstances. */
  removedClusters: readonly string[]
  added: readonly string[]
  changed: readonly string[]
  /** The objects that are in both are in the same order. */
  orderKept: boolean
  /** How many objects are left: with none, Argo CD sees an empty application. */
  left: number
}>

const rendered = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string().default(''), namespace: z.string().default('') }),
  spec: z
    .looseObject({ clusterName: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
})

/** The documents of a render: `---` in the first column cannot stand inside kustomize's block scalars. */
export const splitRender = (render: string): readonly string[] =>
  render.split(/^---$\n?/m).filter(document => document.trim() !== '')

/** `group/Kind/namespace/name` of a rendered object; the version is not part of what an object is. */
export const identityOf = (document: string): string => {
  const { apiVersion, kind, metadata } = rendered.parse(parse(document))
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  return [group, kind, metadata.namespace, metadata.name].join('/')
}

/**
 * Compares two renders of one root object by object. kustomize's output is canonical, so equal objects are
 * equal texts; only what differs is parsed.
 */
export const compareRenders = (before: string, after: string): Difference => {
  const [old, now] = [splitRender(before), splitRender(after)]
  const [oldTexts, nowTexts] = [new Set(old), new Set(now)]
  const gone = new Map(
    old.filter(text => !nowTexts.has(text)).map(text => [identityOf(text), text]),
  )
  const come = new Map(
    now.filter(text => !oldTexts.has(text)).map(text => [identityOf(text), text]),
  )
  const removed = [...gone].filter(([identity]) => !come.has(identity))
  return {
    removed: removed.map(([identity]) => identity),
    removedClusters: removed
      .filter(([identity]) => isClusterInstance(identity))
      .flatMap(([, text]) => rendered.parse(parse(text)).spec?.clusterName ?? []),
    added: [...come.keys()].filter(identity => !gone.has(identity)),
    changed: [...gone].flatMap(([identity, text]) => {
      const other = come.get(identity)
      return other === undefined || isDeepEqual(parse(text), parse(other)) ? [] : [identity]
    }),
    orderKept: isDeepEqual(
      old.filter(text => nowTexts.has(text)),
      now.filter(text => oldTexts.has(text)),
    ),
    left: now.length,
  }
}

/** The difference of one root, by the root's path. */
export type RootDifference = Difference & Readonly<{ path: string }>

/**
 * Why the differences of all roots are not exactly "this one ClusterInstance leaves"; null when they are.
 */
export const refuseDifference = (
  roots: readonly RootDifference[],
  cluster: string,
): string | null => {
  for (const { path, removed, removedClusters, added, changed, orderKept } of roots) {
    if (added.length) return `${path} would render more: ${added.join(', ')}`
    if (changed.length) return `${path} would render otherwise: ${changed.join(', ')}`
    if (!orderKept) return `${path} would render its objects in another order`
    const others = removed.filter(identity => !isClusterInstance(identity))
    if (others.length) return `${path} would also lose ${others.join(', ')}`
    const foreign = removedClusters.filter(name => name !== cluster)
    if (foreign.length) return `${path} would lose the cluster ${foreign.join(', ')}`
    if (removed.length > 1 || removed.length !== removedClusters.length)
      return `${path} would lose several objects: ${removed.join(', ')}`
  }
  if (roots.every(({ removed }) => removed.length === 0))
    return `no render loses anything: the ClusterInstance of ${cluster} does not come from this entry`
  return null
}

const isClusterInstance = (identity: string): boolean =>
  identity.startsWith('siteconfig.open-cluster-management.io/ClusterInstance/')
