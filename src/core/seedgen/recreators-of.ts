import { names } from '../names.ts'
import { field, listAt, textAt } from '../preflight/field.ts'
import type { ReadObject } from '../preflight/query.ts'

/** The objects of one API server that may write Secrets or apply manifests. */
export type Writers = Readonly<{
  sealedSecrets: readonly ReadObject[]
  /** ExternalSecrets and ClusterExternalSecrets. */
  externalSecrets: readonly ReadObject[]
  applications: readonly ReadObject[]
}>

/**
 * Names everything on a seed that would re-create `seedgen` or the SeedGenerator once the Lifecycle Agent has deleted them
 * (seedgen_controller.go:898-918), so that the push credential would be baked into the image. A SealedSecret counts whether
 * its controller is there or not (pkg/controller/controller.go:203-236): the image would carry it to targets that have one.
 */
export const recreatorsOf = ({
  sealedSecrets,
  externalSecrets,
  applications,
}: Writers): readonly string[] => [
  ...new Set([
    ...sealedSecrets.filter(({ metadata }) => isSecretName(metadata.name)).map(shown),
    ...externalSecrets.filter(writesSecret).map(shown),
    ...applications.flatMap(object => appliesBy(object, { isOnSeed: true }) ?? []),
  ]),
]

/**
 * Names the Applications on the hub that would do the same on a seed. One whose destination is the hub itself, or is called
 * like another seed, is left out; in doubt it counts.
 */
export const recreatingApplications = (
  applications: readonly ReadObject[],
  others: readonly string[],
): readonly string[] =>
  applications
    .filter(
      ({ spec }) => !isInCluster(spec) && !others.includes(textAt(spec, 'destination', 'name')),
    )
    .flatMap(object => appliesBy(object, { isOnSeed: false }) ?? [])

const { seedSecret: target } = names
const isSecretName = (name: string): boolean => name === target

const shown = ({ kind, metadata: { name, namespace } }: ReadObject): string =>
  `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`

// Names of the target: external-secrets apis/externalsecrets/v1/externalsecret_types.go, clusterexternalsecret_types.go.
const writesSecret = ({ kind, metadata, spec }: ReadObject): boolean => {
  const isCluster = kind === 'ClusterExternalSecret'
  const writes = isCluster ? field(spec, 'externalSecretSpec', 'target') : field(spec, 'target')
  const own = (isCluster && textAt(spec, 'externalSecretName')) || metadata.name
  return isSecretName(textAt(writes, 'name') || own) && textAt(writes, 'creationPolicy') !== 'None'
}

const isInCluster = (spec: unknown): boolean =>
  textAt(spec, 'destination', 'name') === 'in-cluster' ||
  /^https:\/\/kubernetes\.default\.svc(?:$|[.:/])/.test(textAt(spec, 'destination', 'server'))

const isOurs = (resource: unknown): boolean =>
  (textAt(resource, 'kind') === 'SeedGenerator' &&
    textAt(resource, 'group') === 'lca.openshift.io') ||
  (textAt(resource, 'kind') === 'Secret' && isSecretName(textAt(resource, 'name')))

/** An Application that applies either object by itself, and how; null where it does not. */
const appliesBy = (
  object: ReadObject,
  { isOnSeed }: Readonly<{ isOnSeed: boolean }>,
): string | null => {
  const { spec, status } = object
  const automated = field(spec, 'syncPolicy', 'automated')
  if (typeof automated !== 'object' || automated === null) return null
  if (field(automated, 'enabled') === false) return null
  if (isOnSeed && !isInCluster(spec)) return null
  // One that has compared nothing yet may hold anything.
  const isUnknown = isOnSeed && textAt(status, 'reconciledAt') === ''
  if (!isUnknown && !listAt(status, 'resources').some(isOurs)) return null
  const how = field(automated, 'selfHeal') === true ? 'heals itself' : 'syncs by itself'
  return `${shown(object)} (${isUnknown ? `${how}, and has not said what it holds` : how})`
}
