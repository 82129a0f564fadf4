import type { Seen } from '../../seen.ts'
import type { Check } from '../check.ts'
import { textAt } from '../field.ts'
import { judge } from '../judge.ts'
import type { ReadObject } from '../query.ts'

/** A BareMetalHost, read for whether its deletion would touch the machine. */
export type Host = Readonly<{ name: string; isDetached: boolean; danger: string | null }>

/**
 * Every BareMetalHost is detached and carries nothing that undoes it, or its deletion powers the node off
 * (host_state_machine.go:230-255, bmh_agent_controller.go:337-402).
 */
export const checkHosts = (hosts: Seen<readonly Host[]>): Check =>
  judge('hub.hosts-detached', 'block', hosts, { reason: 'no BareMetalHost', fix: '' }, found => {
    const wrong = found.filter(({ isDetached, danger }) => !isDetached || danger !== null)
    return {
      ok: found.length > 0 && wrong.length === 0,
      reason: wrong.length
        ? wrong.map(({ name, danger }) => `${name}: ${danger ?? 'not detached'}`).join(', ')
        : found.length
          ? `${found.length} detached`
          : 'there is no BareMetalHost',
      fix: 'a BareMetalHost that is not detached is powered off when it is deleted; wait until operationalStatus is detached and remove such annotations',
    }
  })

const detachedBy = 'baremetalhost.metal3.io/detached'
const dangers = [
  'bmac.agent-install.openshift.io/remove-agent-and-node-on-delete',
  'bmac.agent-install.openshift.io/allow-provisioned-host-management',
]

/** Reads a BareMetalHost. */
export const readHost = (host: ReadObject): Host => {
  const annotations = host.metadata.annotations ?? {}
  const danger = dangers.find(name => annotations[name] !== undefined)
  const delays = (annotations[detachedBy] ?? '').includes('delay')
  return {
    name: host.metadata.name,
    isDetached:
      annotations[detachedBy] !== undefined &&
      textAt(host, 'status', 'operationalStatus') === 'detached',
    danger:
      danger === undefined
        ? delays
          ? 'its deletion is delayed for ever'
          : null
        : `annotated ${danger}`,
  }
}
