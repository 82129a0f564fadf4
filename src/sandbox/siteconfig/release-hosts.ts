import { z } from 'zod'
import { keyOf } from '../kubernetes/object-store.ts'
import type { StoredObject } from '../kubernetes/object-store.ts'
import type { World } from '../world.ts'

const detachedAnnotation = 'baremetalhost.metal3.io/detached'
const kind = { apiVersion: 'metal3.io/v1alpha1', kind: 'BareMetalHost' }

/** The finalizer by which the bare metal operator holds a host until it is done with it. */
export const hostFinalizer = 'baremetalhost.metal3.io'

const DelayedDelete = z.looseObject({ deleteAction: z.literal('delay') })

const isDelayed = (annotation: string): boolean => {
  try {
    return DelayedDelete.safeParse(JSON.parse(annotation)).success
  } catch {
    return false
  }
}

// metal3-io/baremetal-operator host_state_machine.go:230-255 and, for the annotation of
// assisted-service, bmh_agent_controller.go:337-402.
const fateOf = ({ metadata }: StoredObject): 'left running' | 'powered off' | 'kept waiting' => {
  const detached = metadata.annotations?.[detachedAnnotation]
  const isTakenApart =
    metadata.annotations?.['bmac.agent-install.openshift.io/remove-agent-and-node-on-delete'] !==
    undefined
  if (detached === undefined || isTakenApart) return 'powered off'
  return isDelayed(detached) ? 'kept waiting' : 'left running'
}

const markStuck = (world: World, host: StoredObject): void => {
  world.hub.change(keyOf(host), object => {
    const status = z.looseObject({}).parse(object['status'] ?? {})
    object['status'] = {
      ...status,
      errorMessage: 'waiting for the deletion of PreprovisioningImage',
      errorType: 'preparation error',
    }
  })
}

/** Lets go of the hosts that are being deleted: a detached one keeps running, another is powered off. */
export const releaseHosts = (world: World, stuckHosts: readonly string[]): void => {
  for (const host of world.hub.list(kind)) {
    const { deletionTimestamp, namespace: cluster = '', name, finalizers } = host.metadata
    if (deletionTimestamp === undefined || !finalizers?.includes(hostFinalizer)) continue
    if (stuckHosts.includes(cluster)) {
      markStuck(world, host)
      continue
    }
    const fate = fateOf(host)
    if (fate === 'kept waiting') continue
    world.hub.change(keyOf(host), object => {
      object.metadata.finalizers =
        object.metadata.finalizers?.filter(finalizer => finalizer !== hostFinalizer) ?? []
    })
    if (fate === 'powered off')
      world.tell('siteconfig', `powered off the host ${name} of ${cluster}`, {
        deprovisioned: cluster,
      })
    else world.tell('siteconfig', `let go of the host ${name} of ${cluster}, which keeps running`)
  }
}
