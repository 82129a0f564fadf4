import { field, listAt, textAt } from '../../preflight/field.ts'
import { fieldsOf } from '../../yaml/fields-of.ts'
import { declaredObject } from './declared-object.ts'
import type { Policy } from './read-policies.ts'
import { selects } from './selects.ts'

/** A document of a manifest in Git, and its file. */
export type Written = Readonly<{ document: unknown; file: string }>

/** True if a text may hold a Policy, or what says for which clusters one is. */
export const mayHoldPolicy = (text: string): boolean =>
  /\bkind: *["']?(?:Policy|PlacementBinding|PlacementRule|Placement)\b/.test(text)

/**
 * The policies that stand in Git as they are on the hub (`policy.open-cluster-management.io/v1`, kind Policy). One is for the clusters
 * that the placement of a binding in its namespace selects by their labels; where something else has a say, such as
 * a number of clusters or a claim, it is for none that is known here. Objects that must not be there are none.
 */
export const plainPolicies = (written: readonly Written[]): readonly Policy[] =>
  written.flatMap(({ document, file }) => {
    if (field(document, 'kind') !== 'Policy' || field(document, 'spec', 'disabled') === true)
      return []
    const placements = placementsOf(written, document)
    const objects = listAt(document, 'spec', 'policy-templates')
      .flatMap(one => listAt(one, 'objectDefinition', 'spec', 'object-templates'))
      .filter(one => textAt(one, 'complianceType').toLowerCase() !== 'mustnothave')
      .flatMap(one => declaredObject(field(one, 'objectDefinition'), { file, base: null }) ?? [])
    return [{ isFor: labels => placements.some(one => isPlaced(one, labels)), objects }]
  })

/** The placements of a policy, by the bindings of its namespace. */
const placementsOf = (written: readonly Written[], policy: unknown): readonly unknown[] => {
  const namespace = textAt(policy, 'metadata', 'namespace')
  const here = written
    .map(({ document }) => document)
    .filter(document => textAt(document, 'metadata', 'namespace') === namespace)
  return here
    .filter(
      document =>
        field(document, 'kind') === 'PlacementBinding' &&
        listAt(document, 'subjects').some(
          subject =>
            field(subject, 'kind') === 'Policy' &&
            field(subject, 'name') === field(policy, 'metadata', 'name'),
        ),
    )
    .flatMap(binding =>
      here.filter(
        document =>
          field(document, 'kind') === field(binding, 'placementRef', 'kind') &&
          field(document, 'metadata', 'name') === field(binding, 'placementRef', 'name'),
      ),
    )
}

const setLabel = 'cluster.open-cluster-management.io/clusterset'

const isPlaced = (placement: unknown, labels: ReadonlyMap<string, unknown>): boolean => {
  const spec = field(placement, 'spec')
  const isLimited = ['clusterReplicas', 'numberOfClusters', 'clusterConditions', 'clusters'].some(
    name => field(spec, name) !== undefined,
  )
  if (isLimited) return false
  if (field(placement, 'kind') === 'PlacementRule')
    return selects(field(spec, 'clusterSelector'), labels)
  const sets = listAt(spec, 'clusterSets')
  if (sets.length > 0 && !sets.includes('global') && !sets.includes(labels.get(setLabel)))
    return false
  const predicates = listAt(spec, 'predicates')
  return (
    predicates.length === 0 ||
    predicates.some(predicate => {
      const selector = fieldsOf(field(predicate, 'requiredClusterSelector'))
      const isByLabels = [...selector.keys()].every(name => name === 'labelSelector')
      return isByLabels && selects(selector.get('labelSelector'), labels)
    })
  )
}
