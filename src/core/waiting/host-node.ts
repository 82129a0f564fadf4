import { textAt } from '../preflight/field.ts'
import { argumentOf, objectNode, sayAt, type HubObject, type Trouble } from './hub-object.ts'
import type { Waiting } from './waiting.ts'

const detachedBy = 'baremetalhost.metal3.io/detached'
const ending = ['deprovisioning', 'powering off before delete', 'deleting']

/** The trouble with the deletion of a host (baremetal-operator host_state_machine.go:230-255). */
const troubleOf = (host: HubObject): Trouble | null => {
  const { name, namespace = '', annotations = {}, deletionTimestamp } = host.metadata
  if (deletionTimestamp === undefined) return null
  const state = textAt(host, 'status', 'provisioning', 'state')
  const error = textAt(host, 'status', 'errorMessage')
  if ((annotations[detachedBy] ?? '').includes('delay'))
    return {
      why: 'its annotation detached says deleteAction: delay, so that it waits for ever',
      next: `oc annotate baremetalhost ${name} -n ${namespace} ${detachedBy}=assisted-service-controller --overwrite`,
    }
  if (annotations[detachedBy] === undefined || ending.includes(state))
    return {
      why: `it is not left running: it is ${state || 'in no known state'} and ${annotations[detachedBy] === undefined ? 'not detached' : 'detached'}`,
      next: 'look at the machine: the bare metal operator may power it off, and then there is no seed',
    }
  if (/preprovisioningimage/i.test(error))
    return {
      why: error,
      next: `oc patch preprovisioningimage ${name} -n ${namespace} --type=merge -p '{"metadata":{"finalizers":[]}}'`,
    }
  return error === '' ? null : { why: error, next: `oc describe ${argumentOf(host)}` }
}

/** A BareMetalHost, which must go before anything else that siteconfig has rendered. */
export const hostNode = (host: HubObject, now: string): Waiting => {
  const says = [
    sayAt(host, '', 'status', 'provisioning', 'state'),
    sayAt(host, '', 'status', 'operationalStatus'),
  ]
  return objectNode(host, {
    now,
    says: says.filter(Boolean).join(', '),
    trouble: troubleOf(host),
    waitsFor: 'waits for the ClusterInstance to be deleted',
  })
}
