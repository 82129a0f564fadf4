import { CustomObjectsApi, type Configuration } from '@kubernetes/client-node'
import { z } from 'zod'
import type { Leadership } from '../../operations/ports/leadership.ts'
import { fieldManager } from './configuration-of.ts'
import { seenFrom } from './seen-from.ts'

/** How long a holder that is silent keeps the others out, and how long it acts itself, in seconds. */
const [leaseSeconds, actSeconds] = [30, 20]

const lease = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string() }),
  spec: z
    .looseObject({
      holderIdentity: z.string().nullish(),
      leaseDurationSeconds: z.number().nullish(),
      leaseTransitions: z.number().nullish(),
      acquireTime: z.string().nullish(),
    })
    .default({}),
})
type Lease = z.infer<typeof lease>

type Options = Readonly<{
  namespace: string
  /** The name of this process; no two are the same. */
  identity: string
  now: () => Date
  /** Milliseconds of a clock that nobody sets, and that goes on while this process is stopped. */
  monotonic?: () => number
}>

/**
 * Leadership by the Lease `sower` of a namespace, as Kubernetes' own controllers keep theirs: another's lease is free
 * once it has not changed for its duration, by our own clock and not by the times in it, and we act for less long than
 * that (client-go, tools/leaderelection/leaderelection.go). A change is compared with the version that was read.
 */
export const leaseLeadership = (configuration: Configuration, options: Options): Leadership => {
  const { namespace, identity, now, monotonic = () => performance.now() } = options
  const api = new CustomObjectsApi(configuration)
  const all = { group: 'coordination.k8s.io', version: 'v1', namespace, plural: 'leases' }
  const name = 'sower'
  let actUntil = -Infinity
  let observed = { version: '', at: -Infinity }
  const time = (): string => now().toISOString().replace('Z', '000Z')
  const mine = (before: Lease['spec']): object => ({
    ...before,
    holderIdentity: identity,
    leaseDurationSeconds: leaseSeconds,
    renewTime: time(),
    ...(before.holderIdentity === identity
      ? {}
      : { acquireTime: time(), leaseTransitions: (before.leaseTransitions ?? 0) + 1 }),
  })
  const read = async (): Promise<Lease | undefined> => {
    try {
      return lease.parse(await api.getNamespacedCustomObject({ ...all, name }))
    } catch (error) {
      if (seenFrom(error, name).seen === 'absent') return undefined
      throw error
    }
  }
  const isFree = ({ metadata, spec }: Lease): boolean => {
    if (observed.version !== metadata.resourceVersion)
      observed = { version: metadata.resourceVersion, at: monotonic() }
    const { holderIdentity, leaseDurationSeconds } = spec
    if (!holderIdentity || holderIdentity === identity) return true
    return monotonic() - observed.at > 1000 * (leaseDurationSeconds ?? leaseSeconds)
  }
  const take = async (): Promise<boolean> => {
    const before = await read()
    const head = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' }
    if (!before) {
      const body = { ...head, metadata: { name, namespace }, spec: mine({}) }
      await api.createNamespacedCustomObject({ ...all, body, fieldManager })
      return true
    }
    if (!isFree(before)) return false
    const body = { ...head, ...before, spec: mine(before.spec) }
    await api.replaceNamespacedCustomObject({ ...all, name, body, fieldManager })
    return true
  }
  return {
    holds: () => monotonic() < actUntil,
    renew: async () => {
      // Counted from before it was asked for: the answer may have been long on its way.
      const began = monotonic()
      try {
        const isTaken = await take()
        actUntil = isTaken ? began + 1000 * actSeconds : -Infinity
      } catch {
        // Another was first, or there is no answer: what we have runs out by itself.
      }
    },
    release: async () => {
      const held = monotonic() < actUntil
      actUntil = -Infinity
      try {
        const before = await read()
        if (!held || before?.spec.holderIdentity !== identity) return
        const body = { ...before, spec: { ...before.spec, holderIdentity: '' } }
        await api.replaceNamespacedCustomObject({ ...all, name, body, fieldManager })
      } catch {
        // It is free after its duration.
      }
    },
  }
}
