import { z } from 'zod'
import type { KubernetesObject } from '../ports/cluster.ts'
import { conditionsOf } from '../conditions-of.ts'

const observed = z.looseObject({ observedGeneration: z.number().optional() })
const specification = z.looseObject({
  encryptedData: z.record(z.string(), z.string()).default({}),
})

/** How far the controller is with a SealedSecret. Its message may be older than its state. */
export type Unsealing = Readonly<{
  state: 'unsealed' | 'pending' | 'failed'
  /** The controller's own words; empty when it said nothing. */
  message: string
}>

/**
 * Reads the status of a SealedSecret. Argo CD's health check ignores the generation, so right after a change
 * it shows the old state; this does not.
 */
export const unsealingOf = (object: KubernetesObject): Unsealing => {
  const synced = conditionsOf(object).find(({ type }) => type === 'Synced')
  const { observedGeneration } = observed.safeParse(object.status ?? {}).data ?? {}
  const message = synced?.message ?? ''
  if (!synced || observedGeneration !== object.metadata.generation)
    return { state: 'pending', message }
  return { state: synced.status === 'True' ? 'unsealed' : 'failed', message }
}

/** A sealed value of a SealedSecret on a cluster. */
export const sealedValueOf = (object: KubernetesObject, item: string): string | undefined =>
  specification.safeParse(object.spec ?? {}).data?.encryptedData[item]
