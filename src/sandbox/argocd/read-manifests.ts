import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { keyOf, type Metadata, type StoredObject } from '../kubernetes/object-store.ts'

/** Ties a live object to the Application that applied it. */
export const trackingAnnotation = 'argocd.argoproj.io/tracking-id'

const clusterScoped = new Set([
  'AppliedManifestWork',
  'ClusterImageSet',
  'ClusterOperator',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'ImageBasedUpgrade',
  'ManagedCluster',
  'Namespace',
  'Node',
  'PersistentVolume',
  'SeedGenerator',
  'StorageClass',
])

const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().exactOptional(),
    labels: z.record(z.string(), z.string()).exactOptional(),
    annotations: z.record(z.string(), z.string()).exactOptional(),
  }),
})
const listSchema = z.looseObject({ kind: z.string().endsWith('List'), items: z.array(z.unknown()) })
const stringDataSchema = z.looseObject({ stringData: z.record(z.string(), z.string()) })
const dataSchema = z.looseObject({ data: z.record(z.string(), z.string()) })

/** Splits an apiVersion into the group ('' for core) and the version. */
export const groupVersionOf = (
  apiVersion: string,
): Readonly<{ group: string; version: string }> => {
  const [first = '', second] = apiVersion.split('/')
  return second === undefined ? { group: '', version: first } : { group: first, version: second }
}

/** True if objects of a kind live outside all namespaces. */
export const isClusterScoped = (kind: string): boolean => clusterScoped.has(kind)

/** The tracking id that an object must carry; a cluster-scoped one takes the destination's namespace. */
export const trackingIdOf = (
  object: StoredObject,
  { instanceName, namespace }: Readonly<{ instanceName: string; namespace: string }>,
): string => {
  const { group } = groupVersionOf(object.apiVersion)
  const { name, namespace: own = namespace } = object.metadata
  return `${instanceName}:${group}/${object.kind}:${own}/${name}`
}

// The API server turns stringData into data; Argo CD normalises before it compares.
const encodeStringData = (object: StoredObject): void => {
  const plain = object.kind === 'Secret' ? stringDataSchema.safeParse(object).data : undefined
  if (!plain) return
  const encoded = Object.entries(plain.stringData).map(([key, value]) => [
    key,
    Buffer.from(value).toString('base64'),
  ])
  object['data'] = { ...dataSchema.safeParse(object).data?.data, ...Object.fromEntries(encoded) }
  delete object['stringData']
}

const itemsOf = (document: unknown): readonly unknown[] => {
  const list = listSchema.safeParse(document).data
  return list ? list.items : [document]
}

/** Reads what a render printed into the objects to apply; throws when it is not a stream of Kubernetes objects. */
export const readManifests = (
  text: string,
  destination: Readonly<{ instanceName: string; namespace: string }>,
): StoredObject[] => {
  const objects = new Map<string, StoredObject>()
  for (const document of parseAllDocuments(text, { logLevel: 'silent' })) {
    if (document.errors[0]) throw document.errors[0]
    const value: unknown = document.toJS()
    if (value === null || value === undefined) continue
    for (const item of itemsOf(value)) {
      const { metadata, ...rest } = manifestSchema.parse(item)
      const { namespace: given, ...named } = metadata
      const namespace = isClusterScoped(rest.kind) ? '' : (given ?? destination.namespace)
      const placed: Metadata = namespace === '' ? named : { ...named, namespace }
      const object: StoredObject = { ...rest, metadata: placed }
      // Status is a subresource: what Git says of it is not applied.
      delete object['status']
      // Generators print it as null; the server's own value is not a difference.
      Reflect.deleteProperty(placed, 'creationTimestamp')
      encodeStringData(object)
      placed.annotations = {
        ...placed.annotations,
        [trackingAnnotation]: trackingIdOf(object, destination),
      }
      // The last one wins when a stream names an object twice.
      objects.set(JSON.stringify(keyOf(object)), object)
    }
  }
  return [...objects.values()]
}
