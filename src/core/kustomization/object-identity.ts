import { z } from 'zod'

const identified = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string().default(''), namespace: z.string().default('') }),
})

/**
 * `group/Kind/namespace/name` of an object; the version is not part of what an object is. Throws ZodError
 * for what is no Kubernetes object.
 */
export const objectIdentity = (object: unknown): string => {
  const { apiVersion, kind, metadata } = identified.parse(object)
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  return [group, kind, metadata.namespace, metadata.name].join('/')
}

/** Whether an identity is that of a namespace or of an object in it, or of a cluster-wide one of its name. */
export const belongsTo = (identity: string, namespace: string): boolean => {
  const [, , inside, name] = identity.split('/')
  return inside === namespace || (inside === '' && name === namespace)
}

const clusterKinds = [
  'siteconfig.open-cluster-management.io/ClusterInstance/',
  'ran.openshift.io/SiteConfig/',
]

/** Whether an identity is that of an object which brings a cluster. */
export const isClusterKind = (identity: string): boolean =>
  clusterKinds.some(kind => identity.startsWith(kind))

const withClusters = z.looseObject({
  spec: z.looseObject({
    clusterName: z.string().optional().catch(undefined),
    clusters: z
      .array(z.looseObject({ clusterName: z.string() }))
      .optional()
      .catch(undefined),
  }),
})

/** The clusters that an object brings: `spec.clusterName`, or those of `spec.clusters`. */
export const clustersOf = (object: unknown): readonly string[] => {
  const { data } = withClusters.safeParse(object)
  const { clusterName, clusters } = data?.spec ?? {}
  return clusterName === undefined
    ? (clusters ?? []).map(cluster => cluster.clusterName)
    : [clusterName]
}
