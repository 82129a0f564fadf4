import { holds, type Seen } from '../seen.ts'
import { nodesOf } from './hub-object.ts'
import { waiting, worstOf, type Waiting } from './waiting.ts'

/** The sight of the seed. */
export type SeedSight = Readonly<{
  klusterlet: Seen<true>
  addonNamespaces: Seen<readonly string[]>
  /** The ManagedCluster is gone, so that nothing on the hub takes the rest away. */
  isReleased: boolean
}>

const repair = [
  'oc delete namespace open-cluster-management-agent open-cluster-management-agent-addon --wait=false --ignore-not-found',
  'oc get crds -o name | grep open-cluster-management.io | xargs -r oc delete --wait=false',
  `oc get crds -o name | grep open-cluster-management.io | xargs -r -I{} oc patch {} --type=merge -p '{"metadata":{"finalizers":[]}}'`,
  'oc get crds -o name | grep open-cluster-management.io, until it prints nothing',
]

/** The repair of a seed on which a forced detach left the klusterlet (rhacm-docs PR 3627), as steps. */
const repairNodes: readonly Waiting[] = repair.map((command, index) =>
  waiting(`step ${index + 1} on the seed`, 'stuck', { next: command }),
)

/** The node for the leftovers on the seed that the Lifecycle Agent rejects: the klusterlet's CRD, and namespaces of add-ons. */
export const seedNode = ({ klusterlet, addonNamespaces, isReleased }: SeedSight): Waiting => {
  const isLeft = isReleased && holds(klusterlet, () => true)
  const parts = [
    ...nodesOf(
      'klusterlet CRD',
      klusterlet,
      () => [
        isLeft
          ? waiting('klusterlet CRD', 'stuck', {
              why: 'the ManagedCluster is gone and the klusterlet is still there: nothing removes it any more',
              next: 'with the admin kubeconfig of the seed, go through these steps',
              parts: repairNodes,
            })
          : waiting('klusterlet CRD', 'there', { why: 'ACM removes it with the ManifestWorks' }),
      ],
      'seed',
    ),
    ...nodesOf(
      'add-on namespaces',
      addonNamespaces,
      names =>
        names.map(name =>
          waiting(`namespace ${name}`, isReleased ? 'stuck' : 'there', {
            why: 'the Lifecycle Agent refuses a seed with it',
            next: isReleased ? `on the seed: oc delete namespace ${name}` : null,
          }),
        ),
      'seed',
    ),
  ]
  return waiting('seed', worstOf(parts), { parts })
}
