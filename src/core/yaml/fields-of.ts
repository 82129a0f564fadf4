/** The fields of a value that came from outside; none where it is not a mapping. Cheaper to load than a schema. */
export const fieldsOf = (value: unknown): ReadonlyMap<string, unknown> =>
  new Map(
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value)
      : [],
  )

/** A field that is a text; empty where it is not. */
export const textOf = (fields: ReadonlyMap<string, unknown>, name: string): string => {
  const value = fields.get(name)
  return typeof value === 'string' ? value : ''
}
