import { fieldsOf } from './fields-of.ts'

/**
 * A plain value in which the fields of merge keys (`<<`) stand where they are merged in; a mapping's own fields win,
 * then the first source. What several aliases share stays shared, so that small texts stay small.
 */
export const mergeKeys = (value: unknown): unknown => {
  const known = new Map<unknown, unknown>()
  const merged = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    const before = known.get(value)
    if (before !== undefined) return before
    const result = Array.isArray(value) ? value.map(merged) : mergedFields(value)
    known.set(value, result)
    return result
  }
  const mergedFields = (value: object): unknown => {
    const fields = Object.entries(value).map(([name, field]) => [name, merged(field)] as const)
    const sources = fields.flatMap(([name, field]) => (name === '<<' ? [field].flat() : []))
    const own = fields.filter(([name]) => name !== '<<')
    return Object.fromEntries([
      ...sources.reverse().flatMap(source => [...fieldsOf(source)]),
      ...own,
    ])
  }
  return merged(value)
}
