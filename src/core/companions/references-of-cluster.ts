import { z } from 'zod'
import { textOf, fieldsOf } from '../yaml/fields-of.ts'

const reference = z.looseObject({ name: z.string().catch('') }).catch({ name: '' })
const spec = z.looseObject({
  pullSecretRef: reference,
  extraManifestsRefs: z.array(reference).catch([]),
  nodes: z
    .array(
      z.looseObject({ bmcCredentialsName: reference }).catch({ bmcCredentialsName: { name: '' } }),
    )
    .catch([]),
})

/**
 * The Secrets and ConfigMaps in its own namespace that a ClusterInstance refers to, as `group/Kind/namespace/name`
 * (stolostron/siteconfig api/v1alpha1/clusterinstance_types.go); none for what is no such object.
 */
export const referencesOfCluster = (object: unknown): readonly string[] => {
  const fields = fieldsOf(object)
  const data = spec.parse(Object.fromEntries(fieldsOf(fields.get('spec'))))
  const namespace = textOf(fieldsOf(fields.get('metadata')), 'namespace')
  const secrets = [data.pullSecretRef, ...data.nodes.map(node => node.bmcCredentialsName)]
  const identities = (kind: string, names: readonly string[]): readonly string[] =>
    names.filter(name => name !== '').map(name => `/${kind}/${namespace}/${name}`)
  return [
    ...identities(
      'Secret',
      secrets.map(({ name }) => name),
    ),
    ...identities(
      'ConfigMap',
      data.extraManifestsRefs.map(({ name }) => name),
    ),
  ]
}
