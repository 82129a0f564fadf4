/** The leaves of a value as lines, `cpu.reserved: 0-1`; an item of a list counts from 0. */
export const flatten = (value: unknown, path = ''): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [`${path}: ${String(value)}`]
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) =>
    flatten(item, path === '' ? key : `${path}.${key}`),
  )
}
