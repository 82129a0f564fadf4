import { z } from 'zod'
import { timestampOf } from './kubernetes/timestamp-of.ts'
import type { StoredObject } from './kubernetes/object-store.ts'

const Condition = z.looseObject({ type: z.string(), status: z.string() })

const Status = z.looseObject({ conditions: z.array(Condition).optional() })

/** A condition as a controller writes it. */
export type ConditionValue = Readonly<{
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason: string
  message: string
}>

/** The status of a condition; undefined when the object does not have it. */
export const conditionStatusOf = (object: StoredObject, type: string): string | undefined =>
  Status.safeParse(object['status'] ?? {}).data?.conditions?.find(each => each.type === type)
    ?.status

/** Sets a condition in place; its transition time moves only with its status. */
export const setCondition = (object: StoredObject, value: ConditionValue, now: Date): void => {
  const { data: status = {} } = Status.safeParse(object['status'] ?? {})
  const conditions = status.conditions ?? []
  const index = conditions.findIndex(each => each.type === value.type)
  const before = conditions[index]
  const lastTransitionTime =
    before?.status === value.status ? before['lastTransitionTime'] : timestampOf(now)
  const condition = { ...before, ...value, lastTransitionTime }
  object['status'] = {
    ...status,
    conditions: index === -1 ? [...conditions, condition] : conditions.with(index, condition),
  }
}
