import { z } from 'zod'
import { textOf, fieldsOf } from '../yaml/fields-of.ts'

const text = z.string().catch('')
const reference = z.looseObject({ name: text }).catch({ name: '' })
const hostRef = z.looseObject({ namespace: text }).catch({ namespace: '' })
const node = z
  .looseObject({ bmcCredentialsName: reference, hostRef })
  .catch({ bmcCredentialsName: { name: '' }, hostRef: { namespace: '' } })
const nodes = z.array(node).catch([])
const spec = z.looseObject({
  pullSecretRef: reference,
  extraManifestsRefs: z.array(reference).catch([]),
  nodes,
})
const cluster = z.looseObject({ clusterName: text, nodes }).catch({ clusterName: '', nodes: [] })
const site = z.looseObject({
  pullSecretRef: reference,
  clusters: z.array(cluster).catch([]),
})

type Node = z.infer<typeof node>
type Named = z.infer<typeof reference>

/**
 * The Secrets and ConfigMaps in its own namespace that a ClusterInstance refers to, as `group/Kind/namespace/name`; the
 * Secret of a host that is only borrowed is in that host's namespace (stolostron/siteconfig
 * api/v1alpha1/clusterinstance_types.go, internal/controller/clusterinstance/validator.go). None for what is no such
 * object.
 */
export const referencesOfCluster = (object: unknown): readonly string[] => {
  const fields = fieldsOf(object)
  const data = spec.parse(fieldsOfSpec(object))
  const namespace = textOf(fieldsOf(fields.get('metadata')), 'namespace')
  return [
    ...secretsOf(namespace, data),
    ...data.extraManifestsRefs.flatMap(({ name }) => identity('ConfigMap', namespace, name)),
  ]
}

/**
 * The Secrets that a SiteConfig refers to for one of its clusters, in the namespace of that cluster; none where it has
 * no such cluster.
 */
export const referencesOfSite = (object: unknown, of: string): readonly string[] => {
  const { pullSecretRef, clusters } = site.parse(fieldsOfSpec(object))
  return clusters
    .filter(({ clusterName }) => clusterName === of)
    .flatMap(({ nodes }) => secretsOf(of, { pullSecretRef, nodes }))
}

const fieldsOfSpec = (object: unknown): unknown =>
  Object.fromEntries(fieldsOf(fieldsOf(object).get('spec')))

const secretsOf = (
  namespace: string,
  { pullSecretRef, nodes }: Readonly<{ pullSecretRef: Named; nodes: readonly Node[] }>,
): readonly string[] => [
  ...identity('Secret', namespace, pullSecretRef.name),
  ...nodes.flatMap(({ bmcCredentialsName, hostRef }) =>
    identity('Secret', hostRef.namespace || namespace, bmcCredentialsName.name),
  ),
]

const identity = (kind: string, namespace: string, name: string): readonly string[] =>
  name === '' ? [] : [`/${kind}/${namespace}/${name}`]
