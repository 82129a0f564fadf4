import { conditionStatus, field, listAt, textAt } from '../field.ts'
import { hubQueries, ofCluster } from '../hub/hub-queries.ts'
import { named } from '../named.ts'
import type { ReadObject } from '../query.ts'
import { row, type Row } from '../row.ts'
import { seedQueries } from './seed-queries.ts'

const {
  infrastructure,
  nodes,
  clusterOperators,
  machineConfigPools,
  csvs,
  csrs,
  sriovCrd,
  sriovStates,
} = seedQueries

const roles = ['control-plane', 'master', 'worker']

/** The problem with a seed's one node; null when there is none. */
const nodeProblem = (node: ReadObject): string | null => {
  const { name, labels } = node.metadata
  const missing = roles.filter(role => labels?.[`node-role.kubernetes.io/${role}`] === undefined)
  if (conditionStatus(node, 'Ready') !== 'True') return `node ${name} is not Ready`
  if (conditionStatus(node, 'NetworkUnavailable') === 'True')
    return `the network of node ${name} is unavailable`
  return missing.length ? `node ${name} has no role ${missing.join(', ')}` : null
}

const isUnwell = (operator: ReadObject): boolean =>
  conditionStatus(operator, 'Available') !== 'True' ||
  conditionStatus(operator, 'Progressing') !== 'False' ||
  conditionStatus(operator, 'Degraded') !== 'False'

/** The Lifecycle Agent waits for these without limit, after it has cleaned the cluster of ACM (healthcheck.go:43-126). */
export const healthRows: readonly Row[] = [
  row({
    id: 'seed.topology',
    level: 'block',
    passes:
      'the seed is a single-node cluster: `SingleReplica`, one node that is Ready with the roles control-plane, master and worker, `clusterType: SNO` and one node in the ClusterInstance',
    reads: [infrastructure, nodes, hubQueries.clusterInstances],
    source: ['topology', 'S1', 'S2', 'G5', 'lifecycle-agent healthcheck.go:285-287'],
    fix: 'take a healthy single-node cluster as the seed: the Lifecycle Agent makes an image of no other',
    test: (found, { cluster }) => {
      const [configured] = found(infrastructure)
      const topology = textAt(configured, 'status', 'infrastructureTopology')
      const [node, second] = found(nodes)
      const instances = ofCluster(found(hubQueries.clusterInstances), cluster)
      const listed = instances.map(instance => listAt(instance, 'spec', 'nodes').length)
      const types = instances
        .map(instance => textAt(instance, 'spec', 'clusterType'))
        .filter(type => type !== '' && type !== 'SNO')
      const problem =
        topology !== 'SingleReplica'
          ? `the topology is ${topology || 'unknown'}, not SingleReplica`
          : node === undefined || second !== undefined
            ? `there are ${found(nodes).length} nodes, not one`
            : types[0] !== undefined
              ? `the ClusterInstance says clusterType ${types[0]}`
              : Math.max(0, ...listed) > 1
                ? `the ClusterInstance lists ${Math.max(...listed)} nodes`
                : nodeProblem(node)
      return { ok: problem === null, reason: problem ?? 'one node, Ready' }
    },
  }),
  row({
    id: 'seed.cluster-operators',
    level: 'block',
    passes: 'every ClusterOperator is Available, and neither Progressing nor Degraded',
    reads: [clusterOperators],
    source: ['health', 'S4', 'lifecycle-agent healthcheck.go:43-126'],
    fix: 'wait until they have settled, or repair them: the Lifecycle Agent waits for them without limit (`oc get clusteroperators`)',
    test: found => {
      const unwell = found(clusterOperators).filter(isUnwell)
      const all = found(clusterOperators).length
      return {
        ok: all > 0 && unwell.length === 0,
        reason: unwell.length
          ? `not settled: ${named(unwell)}`
          : all > 0
            ? `${all} settled`
            : 'there is no ClusterOperator',
      }
    },
  }),
  row({
    id: 'seed.machine-config-pools',
    level: 'block',
    passes: 'every machine of every MachineConfigPool is ready, and none of the pools is paused',
    reads: [machineConfigPools],
    source: ['health', 'S5', 'lifecycle-agent healthcheck.go:43-126'],
    fix: 'wait until the pools are updated, and unpause them (`oc get machineconfigpools`)',
    test: found => {
      const pools = found(machineConfigPools)
      const unready = pools.filter(
        pool =>
          field(pool, 'spec', 'paused') === true ||
          field(pool, 'status', 'machineCount') !== field(pool, 'status', 'readyMachineCount'),
      )
      return {
        ok: unready.length === 0,
        reason: unready.length
          ? `paused, or not ready: ${named(unready)}`
          : `${pools.length} ready`,
      }
    },
  }),
  row({
    id: 'seed.operators-succeeded',
    level: 'block',
    passes: 'every ClusterServiceVersion but those of the Lifecycle Agent is `Succeeded`',
    reads: [csvs],
    source: ['csv', 'S6', 'lifecycle-agent healthcheck.go:43-126'],
    fix: 'repair or delete what has not succeeded: one that failed stalls the Lifecycle Agent for ever (`oc get csv -A`)',
    test: found => {
      const failed = found(csvs).filter(
        csv =>
          !csv.metadata.name.includes('lifecycle-agent') &&
          textAt(csv, 'status', 'phase') !== 'Succeeded',
      )
      return {
        ok: failed.length === 0,
        reason: failed.length ? `not Succeeded: ${named(failed)}` : 'all Succeeded',
      }
    },
  }),
  row({
    id: 'seed.requests-approved',
    level: 'block',
    passes: 'every CertificateSigningRequest is approved',
    reads: [csrs],
    source: ['csr', 'S7', 'lifecycle-agent healthcheck.go:43-126'],
    fix: 'approve or delete them: one that is pending stalls the Lifecycle Agent without limit (`oc get csr`)',
    test: found => {
      const pending = found(csrs).filter(csr => conditionStatus(csr, 'Approved') !== 'True')
      return {
        ok: pending.length === 0,
        reason: pending.length ? `not approved: ${named(pending)}` : 'none is pending',
      }
    },
  }),
  row({
    id: 'seed.sriov-synced',
    level: 'block',
    passes:
      'the SR-IOV operator is not installed, or there is a SriovNetworkNodeState and each of them is `Succeeded`',
    reads: [sriovCrd, sriovStates],
    source: ['sriov', 'S8', 'lifecycle-agent healthcheck.go:43-126'],
    fix: 'wait until the SR-IOV operator has configured the node, or remove the operator with its CRDs',
    test: found => {
      if (found(sriovCrd).length === 0) return { ok: true, reason: 'the operator is not installed' }
      const states = found(sriovStates)
      const unsynced = states.filter(state => textAt(state, 'status', 'syncStatus') !== 'Succeeded')
      return {
        ok: states.length > 0 && unsynced.length === 0,
        reason: unsynced.length
          ? `not Succeeded: ${named(unsynced)}`
          : states.length > 0
            ? `${states.length} Succeeded`
            : 'no SriovNetworkNodeStates present',
      }
    },
  }),
]

/** Reads the newest entry of an update history. */
export const newestUpdate = (
  clusterVersion: ReadObject | undefined,
): Readonly<{ state: string; version: string }> => {
  const [newest] = listAt(clusterVersion, 'status', 'history')
  return { state: textAt(newest, 'state'), version: textAt(newest, 'version') }
}
