/** Freezes a value of plain data with all that it holds; what is frozen already is left. Returns the same value. */
export const frozen = <Plain>(value: Plain): Plain => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const part of Object.values(value)) frozen(part)
  return value
}
