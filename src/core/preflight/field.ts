/** The value at a path of a value that nobody has checked; undefined where the path ends before. */
export const field = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    value,
  )

/** The same, where a text is expected; empty where there is none. */
export const textAt = (value: unknown, ...path: readonly (string | number)[]): string => {
  const found = field(value, ...path)
  return typeof found === 'string' ? found : ''
}

/** The same, where a list is expected; empty where there is none. */
export const listAt = (
  value: unknown,
  ...path: readonly (string | number)[]
): readonly unknown[] => {
  const found = field(value, ...path)
  return Array.isArray(found) ? found : []
}

/** The status of a condition in `status.conditions`, such as `True`; empty where there is no such condition. */
export const conditionStatus = (object: unknown, type: string): string =>
  textAt(
    listAt(object, 'status', 'conditions').find(condition => field(condition, 'type') === type),
    'status',
  )
