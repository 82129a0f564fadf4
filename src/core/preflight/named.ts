import type { ReadObject } from './query.ts'

const mostNamed = 10

/** The objects with their namespaces, as a sentence lists them; of many only the first. */
export const named = (objects: readonly ReadObject[]): string => {
  const names = objects.map(({ metadata: { name, namespace } }) =>
    namespace === undefined || namespace === '' ? name : `${namespace}/${name}`,
  )
  const more = names.length - mostNamed
  return [...names.slice(0, mostNamed), ...(more > 0 ? [`and ${more} more`] : [])].join(', ')
}
