import { keyOf, type ObjectStore, type StoredObject } from '../kubernetes/object-store.ts'
import type { ResourceResult } from './application.ts'
import { groupVersionOf, trackingAnnotation, trackingIdOf } from './read-manifests.ts'
import { isInSync } from './apply-three-way.ts'
import type { Project } from './project.ts'

/** One object of an Application: as Git has it, as the cluster has it, or both. */
export type Pair = Readonly<{
  group: string
  version: string
  kind: string
  namespace: string | undefined
  name: string
  target: StoredObject | undefined
  live: StoredObject | undefined
  /** Live, not in Git, and its tracking id names itself (argo-cd controller/state.go:1009, #23645). */
  requiresPruning: boolean
  isSynced: boolean
}>

type Tracked = Readonly<{ instanceName: string; namespace: string }>

const isSelfReferenced = (live: StoredObject, tracked: Tracked): boolean =>
  live.metadata.annotations?.[trackingAnnotation] === trackingIdOf(live, tracked)

const pairOf = (
  target: StoredObject | undefined,
  live: StoredObject | undefined,
  tracked: Tracked,
): readonly Pair[] => {
  const object = target ?? live
  if (!object) return []
  return [
    {
      ...groupVersionOf(object.apiVersion),
      kind: object.kind,
      namespace: object.metadata.namespace,
      name: object.metadata.name,
      target,
      live,
      requiresPruning: !target && live !== undefined && isSelfReferenced(live, tracked),
      isSynced: !!target && !!live && isInSync(target, live),
    },
  ]
}

/** The Application that a live object belongs to; an owned object belongs to its owner instead. */
export const trackedBy = (object: StoredObject): string | undefined =>
  object.metadata.ownerReferences?.length
    ? undefined
    : object.metadata.annotations?.[trackingAnnotation]?.split(':', 1)[0]

/** Compares what Git wants with what is live. Kinds that the project no longer permits drop out (state.go:834-853). */
export const compare = (
  store: ObjectStore,
  {
    targets,
    tracked,
    knownKinds,
    project,
  }: Readonly<{
    targets: readonly StoredObject[]
    tracked: Tracked
    knownKinds: Iterable<Readonly<{ apiVersion: string; kind: string }>>
    project: Project
  }>,
): Pair[] => {
  const wanted = new Set(targets.map(target => JSON.stringify(keyOf(target))))
  const extra = [...knownKinds]
    .flatMap(kind => store.list(kind))
    .filter(
      live =>
        trackedBy(live) === tracked.instanceName &&
        !wanted.has(JSON.stringify(keyOf(live))) &&
        project.permitsKind({
          group: groupVersionOf(live.apiVersion).group,
          kind: live.kind,
          isClusterScoped: live.metadata.namespace === undefined,
        }),
    )
  return [
    ...targets.flatMap(target => pairOf(target, store.get(keyOf(target)), tracked)),
    ...extra.flatMap(live => pairOf(undefined, live, tracked)),
  ]
}

/** The entry of `status.resources` for a pair. */
export const resourceOf = (pair: Pair, isUnknown: boolean): ResourceResult => ({
  group: pair.group,
  version: pair.version,
  kind: pair.kind,
  ...(pair.namespace === undefined ? {} : { namespace: pair.namespace }),
  name: pair.name,
  status: isUnknown ? 'Unknown' : pair.isSynced ? 'Synced' : 'OutOfSync',
  ...(pair.requiresPruning ? { requiresPruning: true } : {}),
})
