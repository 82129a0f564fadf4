import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import type { Query } from '../../core/preflight/query.ts'
import { absent, present, unknown, type Seen } from '../../core/seen.ts'
import { documentsIn } from '../../core/yaml/documents-in.ts'
import type { Cluster, KubernetesObject } from '../../operations/ports/cluster.ts'
import type { GatheredFiles } from './gathered-files.ts'
import { limits, unreadable } from './limits.ts'

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string().default(''),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
  spec: z.unknown().optional(),
  status: z.unknown().optional(),
  data: z.record(z.string(), z.string()).optional().catch(undefined),
})

type Gathered = Readonly<{
  objects: readonly KubernetesObject[]
  /** True if a list of the whole kind is there, so that an object missing from it is absent. */
  isWhole: boolean
}>

/** A must-gather as a cluster that answers; `isEmpty` where nothing that was gathered is in it. */
export type MustGather = Pick<Cluster, 'read' | 'list' | 'summary'> & Readonly<{ isEmpty: boolean }>

/**
 * Answers from a must-gather as the API server would have then. What was not gathered has no answer, and is never "not
 * there": `oc adm inspect` writes a list of a kind only where it looked for all of it (enhancements, must-gather.md).
 * Objects of several images count once.
 */
export const mustGatherReader = (files: GatheredFiles, queries: readonly Query[]): MustGather => {
  const roots = rootsOf(files)
  const gather = ({
    apiVersion,
    kind,
    namespace,
  }: Parameters<Cluster['list']>[0]): Gathered | null => {
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
    const plural = queries.find(one => one.group === group && one.kind === kind)?.resource
    if (plural === undefined) return null
    const folders = roots.flatMap(root => [
      ...(namespace === undefined ? [`${root}cluster-scoped-resources`] : []),
      ...(namespace === undefined ? files.list(`${root}namespaces`) : [namespace]).map(
        name => `${root}namespaces/${name}`,
      ),
    ])
    const places = folders.map(folder => readKind(files, `${folder}/${group || 'core'}`, plural))
    const known = places.filter(place => place !== null)
    if (known.length === 0) return null
    const byName = new Map(
      known.flatMap(({ objects }) =>
        objects
          .filter(one => one.kind === kind)
          .map(one => [`${one.metadata.namespace ?? ''}/${one.metadata.name}`, one] as const),
      ),
    )
    return { objects: [...byName.values()], isWhole: known.some(({ isWhole }) => isWhole) }
  }
  return {
    isEmpty: roots.length === 0,
    list: async of => {
      const found = gather(of)
      return found ? present(found.objects) : unknown('not-asked')
    },
    read: async ({ name, ...of }): Promise<Seen<KubernetesObject>> => {
      const found = gather(of)
      const one = found?.objects.find(({ metadata }) => metadata.name === name)
      if (one) return present(one)
      return found?.isWhole === true ? absent : unknown('not-asked')
    },
    summary: async () => unknown('not-asked'),
  }
}

/** The directories of the images, each with a `/` behind it: those that hold what was gathered, two levels deep. */
const rootsOf = (files: GatheredFiles): readonly string[] => {
  const places = ['', ...files.list('.').map(name => `${name}/`)]
  const deeper = places
    .slice(1)
    .flatMap(place => files.list(place.slice(0, -1)).map(name => `${place}${name}/`))
  return [...places, ...deeper].filter(place =>
    ['namespaces', 'cluster-scoped-resources'].some(
      name => files.list(`${place}${name}`).length > 0,
    ),
  )
}

/** One kind in one folder: a list in `<plural>.yaml`, or a file for each object in `<plural>/`; null for neither. */
const readKind = (files: GatheredFiles, folder: string, plural: string): Gathered | null => {
  const lists = ['.yaml', '.yaml.gz', '.json'].flatMap(end => {
    const path = `${folder}/${plural}${end}`
    const bytes = files.read(path)
    return bytes ? [objectsIn(path, bytes)] : []
  })
  const names = files
    .list(`${folder}/${plural}`)
    .filter(name => /\.(?:ya?ml|json)(?:\.gz)?$/.test(name))
  if (lists.length + names.length === 0) return null
  const single = names.flatMap(name => {
    const path = `${folder}/${plural}/${name}`
    const bytes = files.read(path)
    return bytes ? objectsIn(path, bytes) : []
  })
  return { objects: [...lists.flat(), ...single], isWhole: lists.length > 0 }
}

const objectsIn = (path: string, bytes: Uint8Array): readonly KubernetesObject[] =>
  documentsIn(textOf(path, bytes)).flatMap(document => object.safeParse(document).data ?? [])

const textOf = (path: string, bytes: Uint8Array): string => {
  if (!path.endsWith('.gz')) return Buffer.from(bytes).toString('utf8')
  try {
    return gunzipSync(bytes, { maxOutputLength: limits.file }).toString('utf8')
  } catch {
    throw unreadable(path, 'it cannot be unpacked, or is too large')
  }
}
