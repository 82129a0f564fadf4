// @peculiar/x509 wires its algorithms with tsyringe, which refuses to load without the Reflect
// metadata proposal. These two functions are all that it calls; the package reflect-metadata has more.
const store = new WeakMap<object, Map<unknown, unknown>>()

const getMetadata = (key: unknown, target: object): unknown => store.get(target)?.get(key)

const defineMetadata = (key: unknown, value: unknown, target: object): void => {
  const entries = store.get(target) ?? new Map<unknown, unknown>()
  store.set(target, entries.set(key, value))
}

if (!('getMetadata' in Reflect))
  Object.assign(Reflect, { getMetadata, getOwnMetadata: getMetadata, defineMetadata })
