import { ConflictError } from '../../src/errors.ts'
import { absent, present } from '../../src/core/seen.ts'
import type { Cluster } from '../../src/operations/ports/cluster.ts'
import type { Manifest } from '../../src/operations/ports/cluster.ts'
import type { KubernetesObject } from '../../src/operations/ports/cluster.ts'
import type { ObjectKey } from '../../src/operations/ports/cluster.ts'

/** One cluster's API in memory. `created` counts what `create` made, by kind. */
export type FakeCluster = Readonly<{
  port: Cluster
  objects: Map<string, KubernetesObject>
  created: string[]
  add: (
    object: Partial<KubernetesObject> & Pick<KubernetesObject, 'kind'>,
    namespace?: string,
  ) => void
  drop: (kind: string) => void
  find: (kind: string) => KubernetesObject | undefined
}>

const keyOf = ({ kind, namespace = '', name }: Omit<ObjectKey, 'apiVersion'>): string =>
  [kind, namespace, name].join('/')

export const fakeCluster = (): FakeCluster => {
  const objects = new Map<string, KubernetesObject>()
  const created: string[] = []
  let uids = 0
  const put = ({ metadata, ...rest }: Manifest): void => {
    uids += 1
    objects.set(keyOf({ kind: rest.kind, ...metadata }), {
      ...rest,
      metadata: { ...metadata, uid: `uid-${uids}` },
    })
  }
  return {
    objects,
    created,
    add: ({ metadata, ...object }, namespace) => {
      uids += 1
      const placed = namespace === undefined ? {} : { namespace }
      const known = { name: 'sno1', ...metadata, ...placed, uid: `uid-${uids}` }
      objects.set(keyOf({ kind: object.kind, ...placed, name: known.name }), {
        apiVersion: 'v1',
        ...object,
        metadata: known,
      })
    },
    drop: kind => {
      for (const key of objects.keys()) if (key.startsWith(`${kind}/`)) objects.delete(key)
    },
    find: kind => [...objects.values()].find(object => object.kind === kind),
    port: {
      read: async key => {
        const found = objects.get(keyOf(key))
        return found ? present(found) : absent
      },
      list: async ({ kind, namespace }) =>
        present(
          [...objects.values()].filter(
            object =>
              object.kind === kind &&
              (namespace === undefined || object.metadata.namespace === namespace),
          ),
        ),
      summary: async name => {
        const found = objects.get(keyOf({ kind: 'NodeSummary', name }))
        return found ? present(found) : absent
      },
      create: async manifest => {
        if (objects.has(keyOf({ kind: manifest.kind, ...manifest.metadata })))
          throw new ConflictError('OBJECT_CONFLICT', `creating ${manifest.kind}: it is there`)
        created.push(manifest.kind)
        put(manifest)
      },
      putSecret: async manifest => {
        created.push(`${manifest.kind} ${manifest.metadata.name}`)
        put(manifest)
      },
      annotate: async (key, annotations) => {
        const object = objects.get(keyOf(key))!
        objects.set(keyOf(key), { ...object, metadata: { ...object.metadata, annotations } })
      },
      remove: async (key, only) => {
        const found = objects.get(keyOf(key))
        if (found && (only === undefined || found.metadata.uid === only.uid))
          objects.delete(keyOf(key))
      },
      may: async () => present(true),
      ready: async () => present(true),
    },
  }
}
