import { conditionStatus, field, listAt, textAt } from '../field.ts'
import { named } from '../named.ts'
import type { Query, ReadObject } from '../query.ts'
import { row, type Row } from '../row.ts'
import { hubQueries, ofCluster } from './hub-queries.ts'

const { bareMetalHosts, hostsElsewhere, clusterInstances, dataImages, imageClusterInstalls } =
  hubQueries
const reads = [bareMetalHosts, hostsElsewhere, clusterInstances]

const detachedBy = 'baremetalhost.metal3.io/detached'
const dangers = [
  'bmac.agent-install.openshift.io/remove-agent-and-node-on-delete',
  'bmac.agent-install.openshift.io/allow-provisioned-host-management',
]
const settled = ['', 'provisioned', 'externally provisioned']

/** Why the deletion of a BareMetalHost would touch its machine; null when it would not. */
const hostProblem = (host: ReadObject): string | null => {
  const annotations = host.metadata.annotations ?? {}
  const danger = dangers.find(name => annotations[name] !== undefined)
  if (danger !== undefined) return `annotated ${danger}`
  if ((annotations[detachedBy] ?? '').includes('delay')) return 'its deletion is delayed for ever'
  const state = textAt(host, 'status', 'provisioning', 'state')
  if (!settled.includes(state)) return `its provisioning state is ${state}`
  const isDetached =
    annotations[detachedBy] !== undefined &&
    textAt(host, 'status', 'operationalStatus') === 'detached'
  if (isDetached) return null
  return field(host, 'spec', 'externallyProvisioned') === true
    ? 'externally provisioned and not detached'
    : 'not detached'
}

/** All hosts of the cluster's namespace, and those that its ClusterInstance names in another one. */
const hostsOf = (
  found: (query: Query) => readonly ReadObject[],
  cluster: string,
): readonly ReadObject[] => {
  const referred = ofCluster(found(clusterInstances), cluster)
    .flatMap(instance => listAt(instance, 'spec', 'nodes'))
    .map(node => textAt(node, 'hostRef', 'name'))
  return [
    ...found(bareMetalHosts),
    ...found(hostsElsewhere).filter(({ metadata }) => referred.includes(metadata.name)),
  ]
}

/** The checks of the machines: their deletion on the hub must touch none. */
export const hostRows: readonly Row[] = [
  row({
    id: 'hub.hosts-detached',
    level: 'block',
    passes: 'every BareMetalHost is detached and provisioned, and no annotation undoes it',
    reads,
    source: [
      'H9',
      'baremetal-operator host_state_machine.go:230-255',
      'assisted-service bmh_agent_controller.go:337-402',
    ],
    fix: 'a BareMetalHost that is not detached is powered off when it is deleted; wait until operationalStatus is detached and remove such annotations',
    test: (found, { cluster }) => {
      const hosts = hostsOf(found, cluster)
      const wrong = hosts.flatMap(host => {
        const problem = hostProblem(host)
        return problem === null ? [] : [`${host.metadata.name}: ${problem}`]
      })
      return {
        ok: hosts.length > 0 && wrong.length === 0,
        reason: wrong.length
          ? wrong.join(', ')
          : hosts.length
            ? `${hosts.length} detached`
            : 'there is no BareMetalHost',
      }
    },
  }),
  row({
    id: 'hub.hosts-not-cleaned',
    level: 'warn',
    passes: '`automatedCleaningMode` of every BareMetalHost is `disabled`',
    reads,
    source: ['H9', 'siteconfig api/v1alpha1/clusterinstance_types.go:180-185'],
    fix: 'set automatedCleaningMode: disabled in the ClusterInstance: if a host is deprovisioned after all, its disks are wiped',
    test: (found, { cluster }) => {
      const cleaned = hostsOf(found, cluster).filter(
        host => textAt(host, 'spec', 'automatedCleaningMode') === 'metadata',
      )
      return {
        ok: cleaned.length === 0,
        reason: cleaned.length ? `cleaned when deprovisioned: ${named(cleaned)}` : 'disabled',
      }
    },
  }),
  row({
    id: 'hub.no-data-image',
    level: 'warn',
    passes: 'no DataImage hangs on a host of the cluster (inferred: it can hold the deletion back)',
    reads: [dataImages],
    source: ['baremetal-operator #1163', 'sower'],
    fix: 'watch it in the detach, which shows it: a host waits until its DataImage is detached; delete it where it is left over (`oc get dataimage -A`)',
    test: found => {
      const left = found(dataImages)
      return { ok: left.length === 0, reason: left.length ? `there is ${named(left)}` : 'none' }
    },
  }),
  row({
    id: 'hub.image-install-completed',
    level: 'block',
    passes: 'the ImageClusterInstall has completed, or there is none (inferred)',
    reads: [imageClusterInstalls],
    source: ['image-based-install-operator api/v1alpha1', 'sower'],
    fix: 'let the image-based installation end, or repair it (`oc describe imageclusterinstall`), before the cluster is detached',
    test: found => {
      const open = found(imageClusterInstalls).filter(
        install =>
          conditionStatus(install, 'Completed') === 'False' ||
          conditionStatus(install, 'Failed') === 'True' ||
          install.metadata.deletionTimestamp !== undefined,
      )
      return {
        ok: open.length === 0,
        reason: open.length ? `not completed: ${named(open)}` : 'nothing is being installed',
      }
    },
  }),
]
