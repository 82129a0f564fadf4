import posix from 'node:path/posix'
import { z } from 'zod'
import type { ClusterObject } from '../cluster/cluster-objects.ts'
import type { Kustomization } from './parse-kustomization.ts'
import { pathsTo, type Reached, type Walk } from './walk.ts'

/** A cluster's object, under all the names that the kustomizations around it may know it by. */
export type Subject = Readonly<{
  /** `Kind/name`, for messages. */
  identity: string
  /** The file with it. */
  source: string
  /** Whether a patch of this shape finds it: by kind, name and namespace. */
  isNamedBy: (document: unknown) => boolean
  /** Whether a selector (kind, name, namespace; what is missing fits) means it by its very name or kind. */
  isSelectedBy: (selector: unknown) => boolean
}>

/**
 * The kustomizations whose fields see the objects of one: itself, those above it, and the Components that
 * these list.
 */
export const kustomizationsSeeing = (
  walks: readonly Walk[],
  { path }: Kustomization,
): readonly Reached[] => {
  const seeing = new Map<string, Reached>()
  for (const walk of walks) {
    const above = pathsTo(walk, [posix.dirname(path)])
    const byDirectory = new Map(walk.reached.map(reached => [reached.directory, reached]))
    const open = walk.reached.filter(reached => above.has(reached.directory))
    for (let reached = open.pop(); reached; reached = open.pop()) {
      if (seeing.has(reached.directory)) continue
      seeing.set(reached.directory, reached)
      for (const { entry, path } of reached.targets) {
        const component = entry.key === 'components' ? byDirectory.get(path) : undefined
        if (component) open.push(component)
      }
    }
  }
  return [...seeing.values()]
}

const named = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().default('') }),
})
const selector = z.looseObject({
  kind: z.string().default(''),
  name: z.string().default(''),
  namespace: z.string().default(''),
})
const renaming = z.looseObject({
  namePrefix: z.string().default(''),
  nameSuffix: z.string().default(''),
  namespace: z.string().default(''),
})

/** Collects the names and namespaces that the kustomizations around an object give it. */
export const subjectOf = (
  object: ClusterObject,
  { source, seeing }: Readonly<{ source: string; seeing: readonly Reached[] }>,
): Subject => {
  const names = new Set([object.objectName])
  const namespaces = new Set(['', object.namespace])
  for (const { kustomization } of seeing) {
    const { namePrefix, nameSuffix, namespace } = renaming.parse(kustomization.fields)
    for (const name of [...names]) names.add(`${namePrefix}${name}${nameSuffix}`)
    namespaces.add(namespace)
  }
  return {
    identity: `${object.kind}/${object.objectName}`,
    source,
    isNamedBy: document => {
      const { data } = named.safeParse(document)
      return (
        data?.kind === object.kind &&
        names.has(data.metadata.name) &&
        namespaces.has(data.metadata.namespace)
      )
    },
    isSelectedBy: value => {
      const { data } = selector.safeParse(value)
      if (!data) return false
      const { kind, name, namespace } = data
      return (
        (name !== '' || kind === object.kind) &&
        (kind === '' || kind === object.kind) &&
        (name === '' || names.has(name)) &&
        namespaces.has(namespace)
      )
    },
  }
}
