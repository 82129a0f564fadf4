import { z } from 'zod'
import { timestampOf } from '../kubernetes/timestamp-of.ts'
import { ownedByLabel } from './render-manifests.ts'
import type { ObjectKey, StoredObject } from '../kubernetes/object-store.ts'
import type { World } from '../world.ts'

/** One line of `status.manifestsRendered`; `apiGroup` holds the whole apiVersion. */
export const RenderedManifest = z.looseObject({
  apiGroup: z.string(),
  kind: z.string(),
  name: z.string(),
  namespace: z.string().exactOptional(),
  syncWave: z.number(),
  status: z.string(),
  message: z.string().exactOptional(),
})

export type RenderedManifest = z.infer<typeof RenderedManifest>

const Status = z.looseObject({ manifestsRendered: z.array(RenderedManifest).default([]) })

/** How far a deletion has come. */
export type Progress =
  | Readonly<{ is: 'done' }>
  | Readonly<{ is: 'waiting' }>
  | Readonly<{ is: 'timed-out'; reason: string }>

const timeoutSeconds = 30 * 60

const keyOfManifest = ({ apiGroup, kind, name, namespace }: RenderedManifest): ObjectKey => ({
  apiVersion: apiGroup,
  kind,
  name,
  ...(namespace === undefined ? {} : { namespace }),
})

const describe = ({ apiGroup, kind, name, namespace }: RenderedManifest): string =>
  [apiGroup, kind, namespace, name].filter(part => part !== undefined).join('/')

type Step = Progress | Readonly<{ is: 'gone' }>

const deleteOne = (world: World, owner: string, manifest: RenderedManifest): Step => {
  const key = keyOfManifest(manifest)
  const object = world.hub.get(key)
  // What someone else owns is left alone and forgotten (stolostron/siteconfig deletion.go:136).
  if (object?.metadata.labels?.[ownedByLabel] !== owner) return { is: 'gone' }
  const { deletionTimestamp } = object.metadata
  if (deletionTimestamp === undefined) {
    world.hub.remove(key)
    world.tell('siteconfig', `asked to delete ${manifest.kind} ${manifest.name}`, { key })
  } else if ((world.clock.now().getTime() - Date.parse(deletionTimestamp)) / 1000 > timeoutSeconds)
    return {
      is: 'timed-out',
      reason: `deletion timeout exceeded for object (${describe(manifest)}): Timed out waiting to delete object (${describe(manifest)})`,
    }
  return { is: 'waiting' }
}

/** The manifests that a ClusterInstance's status still lists. */
export const manifestsOf = (clusterInstance: StoredObject): RenderedManifest[] =>
  Status.parse(clusterInstance['status'] ?? {}).manifestsRendered

/**
 * One pass over what a ClusterInstance has rendered: the highest wave that is left is asked to go,
 * the next one only when all of it is gone (stolostron/siteconfig deletion.go:67-171).
 */
export const deleteManifests = (
  world: World,
  clusterInstance: StoredObject,
  owner: string,
): Readonly<{ progress: Progress; left: readonly RenderedManifest[] }> => {
  const manifests = manifestsOf(clusterInstance)
  const waves = [...new Set(manifests.map(({ syncWave }) => syncWave))].sort((a, b) => b - a)
  let left: RenderedManifest[] = manifests
  for (const wave of waves) {
    let isWaveGone = true
    for (const manifest of manifests.filter(({ syncWave }) => syncWave === wave)) {
      const step = deleteOne(world, owner, manifest)
      if (step.is === 'gone' || step.is === 'done') {
        left = left.filter(each => each !== manifest)
        continue
      }
      isWaveGone = false
      const status = step.is === 'timed-out' ? 'deletion-attempt-timed-out' : 'deletion-in-progress'
      const message = step.is === 'timed-out' ? step.reason : ''
      left = left.map(each =>
        each === manifest && each.status !== status
          ? { ...each, status, message, lastAppliedTime: timestampOf(world.clock.now()) }
          : each,
      )
      if (step.is === 'timed-out') return { progress: step, left }
    }
    if (!isWaveGone) return { progress: { is: 'waiting' }, left }
  }
  return { progress: { is: 'done' }, left }
}
