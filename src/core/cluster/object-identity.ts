import { z } from 'zod'
import { documentsIn } from '../yaml/documents-in.ts'

const kubernetesObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string().default(''), namespace: z.string().default('') }),
})
type KubernetesObject = z.infer<typeof kubernetesObject>

// kustomize takes the objects out of every kind that ends so.
const objectList = z.looseObject({ kind: z.string().endsWith('List'), items: z.array(z.unknown()) })

/** What a document of a file brings: the items of a list, or itself. */
export const itemsOf = (document: unknown): readonly unknown[] =>
  objectList.safeParse(document).data?.items ?? [document]

/** The objects of a file, those in lists too; null for each thing in it that is none. */
export const objectsIn = (text: string): readonly (KubernetesObject | null)[] =>
  documentsIn(text)
    .flatMap(itemsOf)
    .map(item => kubernetesObject.safeParse(item).data ?? null)

/**
 * `group/Kind/namespace/name` of an object; the version is not part of what an object is. Throws ZodError
 * for what is no Kubernetes object.
 */
export const objectIdentity = (object: unknown): string => {
  const { apiVersion, kind, metadata } = kubernetesObject.parse(object)
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
