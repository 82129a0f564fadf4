const copyValue = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value
  return Array.isArray(value) ? value.map(copyValue) : copyObject(value)
}

/** A deep copy of an object of plain data, as JSON has it: several times faster than structuredClone on small ones. */
export const copyObject = <Plain extends object>(object: Plain): Plain => {
  const copy = { ...object }
  for (const [name, value] of Object.entries(copy))
    if (typeof value === 'object') Reflect.set(copy, name, copyValue(value))
  return copy
}
