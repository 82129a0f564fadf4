import { fieldsOf } from '../yaml/fields-of.ts'
import type { FieldPath } from './promotion.ts'

/** A plain value in which one field is set; mappings on the way that are not there come to be. */
export const withField = (
  value: unknown,
  { path: [key, ...rest], to }: Readonly<{ path: FieldPath; to: string }>,
): unknown => {
  if (key === undefined) return to
  const fields = fieldsOf(value)
  return Object.fromEntries([...fields, [key, withField(fields.get(key), { path: rest, to })]])
}
