import posix from 'node:path/posix'
import { z } from 'zod'
import type { ClusterObject } from '../cluster/clusters-in.ts'
import type { Kustomization } from '../kustomization/parse-kustomization.ts'
import { pathsTo, type Reached, type Walk } from '../kustomization/walk.ts'

/** A cluster's object, under all the names that the kustomizations around it may know it by. */
export type Subject = Readonly<{
  /** `Kind/name`, for messages. */
  identity: string
  /** The file with it. */
  source: string
  /** True if a patch of this shape finds it: by kind, name and namespace. */
  isNamedBy: (document: unknown) => boolean
  /** True if a selector fits it; fields that the selector leaves out fit anything. */
  isSelectedBy: (selector: unknown) => boolean
  /** True if a selector fits it and, by kind and literal name, nothing else of that namespace. */
  isMeantBy: (selector: unknown) => boolean
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

const absent = z.string().catch('')
const named = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: absent }),
})
const selector = z.looseObject({ kind: absent, name: absent, namespace: absent })
const renaming = z.looseObject({ namePrefix: absent, nameSuffix: absent, namespace: absent })

/** Collects the names and namespaces that the kustomizations around an object give it. */
export const subjectOf = (
  { kind, objectName, namespace }: Pick<ClusterObject, 'kind' | 'objectName' | 'namespace'>,
  { source, seeing }: Readonly<{ source: string; seeing: readonly Reached[] }>,
): Subject => {
  const renamings = seeing.map(({ kustomization }) => renaming.parse(kustomization.fields))
  const namespaces = new Set([effective(namespace), ...renamings.map(one => one.namespace)])
  const isIt = (of: z.infer<typeof selector>): boolean =>
    of.kind === kind &&
    isRenamed(of.name, objectName, renamings) &&
    (of.namespace === '' || namespaces.has(effective(of.namespace)))
  return {
    identity: `${kind}/${objectName}`,
    source,
    isNamedBy: document => {
      const { data } = named.safeParse(document)
      if (!data) return false
      const { metadata } = data
      return isIt({ ...metadata, kind: data.kind, namespace: effective(metadata.namespace) })
    },
    isSelectedBy: value => {
      const { data } = selector.safeParse(value)
      return (
        data !== undefined &&
        isIt({ ...data, kind: data.kind || kind, name: data.name || objectName })
      )
    },
    isMeantBy: value => {
      const { data } = selector.safeParse(value)
      return data !== undefined && isIt(data)
    },
  }
}

/** kustomize takes an object without a namespace for one in `default` (resid.go, EffectiveNamespace). */
const effective = (namespace: string): string => namespace || 'default'

/** True if a name is the old one with some of the prefixes before it and some of the suffixes behind it. */
const isRenamed = (
  name: string,
  old: string,
  renamings: readonly Readonly<{ namePrefix: string; nameSuffix: string }>[],
): boolean => {
  const open = new Set([name])
  // A set also gives what is added while it is gone through, each text once.
  for (const rest of open)
    for (const { namePrefix, nameSuffix } of renamings) {
      if (rest.startsWith(namePrefix)) open.add(rest.slice(namePrefix.length))
      if (rest.endsWith(nameSuffix)) open.add(rest.slice(0, rest.length - nameSuffix.length))
    }
  return open.has(old)
}
