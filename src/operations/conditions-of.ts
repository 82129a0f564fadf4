import { z } from 'zod'
import type { KubernetesObject } from './ports/cluster.ts'

const condition = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
})
const withConditions = z.looseObject({ conditions: z.array(condition).default([]) })

/** Reads `status.conditions` of any object; none where they cannot be read. */
export const conditionsOf = (object: KubernetesObject): readonly z.infer<typeof condition>[] =>
  withConditions.safeParse(object.status ?? {}).data?.conditions ?? []
