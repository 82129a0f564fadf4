import { field, listAt, textAt } from '../../preflight/field.ts'
import { fieldsOf } from '../../yaml/fields-of.ts'

type Labels = ReadonlyMap<string, unknown>

/** True if labels satisfy a `labelSelector`: `matchLabels`, `matchExpressions`, or the labels right in it. */
export const selects = (selector: unknown, labels: Labels): boolean => {
  const fields = fieldsOf(selector)
  const isLong = fields.has('matchLabels') || fields.has('matchExpressions')
  return (
    hasAll(isLong ? fields.get('matchLabels') : selector, labels) &&
    listAt(selector, 'matchExpressions').every(one => satisfies(one, labels))
  )
}

/** True if labels hold each of these names with its value. */
export const hasAll = (wanted: unknown, labels: Labels): boolean =>
  [...fieldsOf(wanted)].every(([name, value]) => labels.get(name) === value)

/** The operators of Kubernetes' selectors; an unknown one selects nothing. */
const satisfies = (expression: unknown, labels: Labels): boolean => {
  const value = labels.get(textAt(expression, 'key'))
  const isListed = listAt(expression, 'values').includes(value)
  switch (field(expression, 'operator')) {
    case 'In':
      return isListed
    case 'NotIn':
      return !isListed
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    default:
      return false
  }
}
