import { z } from 'zod'
import type { ObjectStore } from '../kubernetes/object-store.ts'
import type { AgentRelease } from './agent-release.ts'

const healthSchema = z.looseObject({
  status: z
    .looseObject({
      phase: z.string().optional(),
      syncStatus: z.string().optional(),
      machineCount: z.number().optional(),
      readyMachineCount: z.number().optional(),
      conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]),
    })
    .default({ conditions: [] }),
})

type Health = Readonly<{
  name: string
  is: (type: string) => boolean
  status: z.infer<typeof healthSchema>['status']
}>

const healthOf = (store: ObjectStore, apiVersion: string, kind: string): readonly Health[] =>
  store.list({ apiVersion, kind }).map(object => {
    const { status } = healthSchema.parse({ status: object['status'] })
    return {
      name: object.metadata.name,
      status,
      is: type => status.conditions.some(each => each.type === type && each.status === 'True'),
    }
  })

type Check = (store: ObjectStore) => string | undefined

/** All that are not well in one text. */
const many =
  (what: string, apiVersion: string, isWell: (of: Health) => boolean): Check =>
  store => {
    const sick = healthOf(store, apiVersion, what).filter(of => !isWell(of))
    const named = sick.map(({ name }) => name).join(', ')
    return sick.length === 0 ? undefined : `one or more ${what}s not yet ready: ${named}`
  }

/** The first that is not well. */
const first =
  (
    of: Readonly<{ apiVersion: string; kind: string }>,
    isWell: (of: Health) => boolean,
    tell: (name: string) => string,
  ): Check =>
  store => {
    const sick = healthOf(store, of.apiVersion, of.kind).find(each => !isWell(each))
    return sick && tell(sick.name)
  }

const operators = many(
  'ClusterOperator',
  'config.openshift.io/v1',
  ({ is }) => is('Available') && !is('Progressing') && !is('Degraded'),
)
const pools = many(
  'MachineConfigPool',
  'machineconfiguration.openshift.io/v1',
  ({ status }) => status.machineCount === status.readyMachineCount,
)
const node = first(
  { apiVersion: 'v1', kind: 'Node' },
  ({ is }) => is('Ready'),
  name => `node is not yet ready: ${name}`,
)
const csvs = many(
  'ClusterServiceVersion',
  'operators.coreos.com/v1alpha1',
  ({ name, status }) => name.includes('lifecycle-agent') || status.phase === 'Succeeded',
)
const csrs = first(
  { apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest' },
  ({ is }) => is('Approved'),
  name => `certificateSigningRequest (csr) ${name} not yet approved`,
)
const sriov: Check = store => {
  const name = 'sriovnetworknodestates.sriovnetwork.openshift.io'
  const crd = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name }
  if (!store.get(crd)) return undefined
  const states = healthOf(store, 'sriovnetwork.openshift.io/v1', 'SriovNetworkNodeState')
  if (states.length === 0) return 'no SriovNetworkNodeStates present'
  return states.every(({ status }) => status.syncStatus === 'Succeeded')
    ? undefined
    : 'sriovNetworkNodeState not ready'
}

/** Tells whether the pools are well, which the agent also waits for as it writes a pull secret. */
export const poolsAreReady = (store: ObjectStore): boolean => pools(store) === undefined

/**
 * The parts that keep the cluster from being stable, as a release of the agent asks and tells (healthcheck.go:43-390);
 * empty when none does.
 */
export const unhealthyParts = (
  store: ObjectStore,
  { checks }: Pick<AgentRelease, 'checks'>,
): readonly string[] => {
  const failures = (...all: readonly Check[]): readonly string[] =>
    all.flatMap(check => check(store) ?? [])
  if (checks === 'all at once') {
    const afterwards = operators(store) ?? csvs(store)
    const others = [operators, pools, node, csvs, csrs]
    return failures(...others, ...(afterwards === undefined ? [sriov] : []))
  }
  const mandatory = failures(operators, pools, ...(operators(store) === undefined ? [sriov] : []))
  return mandatory.length > 0 ? mandatory : failures(node, csvs, csrs)
}
