import { isDeepStrictEqual } from 'node:util'
import type { ObjectKey } from '../kubernetes/object-store.ts'
import { timestampOf } from '../kubernetes/timestamp-of.ts'
import type { World } from '../world.ts'
import {
  instanceNameOf,
  readApplication,
  revisionFields,
  sourceFields,
  sourcesOf,
  type Application,
  type ApplicationStatus,
  type ResourceResult,
} from './application.ts'
import { decideAutoSync, type AutoSync } from './auto-sync.ts'
import { resourceOf, type Pair } from './compare.ts'
import type { Project } from './project.ts'

/** Annotations that ask for a comparison with the tip of the branch at once (argo-cd util/argo/argo.go:240-280). */
export const refreshAnnotation = 'argocd.argoproj.io/refresh'
const refreshTimestamp = 'argocd.argoproj.io/refresh-timestamp'

/** The comparison of Git and the cluster for an Application at one revision. */
export type Comparison = Readonly<{
  /** The commits of all sources; undefined where one of them resolves to nothing. */
  revisions: readonly string[] | undefined
  pairs: readonly Pair[]
  project: Project | undefined
  /** The text of a ComparisonError. */
  failure: string | undefined
  /** The text of an InvalidSpecError. */
  invalid: string | undefined
}>

type Condition = Readonly<{ type: string; message: string; lastTransitionTime: string }>

const conditionsOf = (
  { failure, invalid }: Comparison,
  {
    autoSync,
    status,
    now,
  }: Readonly<{ autoSync: AutoSync; status: ApplicationStatus; now: string }>,
): Condition[] => {
  const found: readonly (readonly [string, string | undefined])[] = [
    ['InvalidSpecError', invalid],
    ['ComparisonError', failure],
    ['SyncError', autoSync.do === 'refuse' ? autoSync.message : undefined],
  ]
  return found.flatMap(([type, message]) => {
    if (message === undefined) return []
    const before = status.conditions?.find(
      condition => condition.type === type && condition.message === message,
    )
    const since = before?.['lastTransitionTime']
    return [{ type, message, lastTransitionTime: typeof since === 'string' ? since : now }]
  })
}

const syncStatusOf = (comparison: Comparison, resources: readonly ResourceResult[]): string => {
  if (comparison.failure !== undefined || comparison.invalid !== undefined) return 'Unknown'
  return resources.every(({ status }) => status === 'Synced') ? 'Synced' : 'OutOfSync'
}

const healthOf = (pairs: readonly Pair[]): string =>
  pairs.some(({ target, live }) => target && !live)
    ? 'Missing'
    : pairs.some(({ live }) => live?.metadata.deletionTimestamp !== undefined)
      ? 'Progressing'
      : 'Healthy'

/**
 * Compares an Application and writes its status; returns what automated sync does next. `reconciledAt`
 * moves only when the tip of the branch was asked for (argo-cd controller/appcontroller.go:2022).
 */
export const refreshApplication = async (
  world: World,
  key: ObjectKey,
  {
    isLatest,
    compareAt,
  }: Readonly<{
    isLatest: boolean
    compareAt: (application: Application, isHard: boolean) => Promise<Comparison>
  }>,
): Promise<AutoSync> => {
  const { hub, clock, tell } = world
  const object = hub.get(key)
  const before = readApplication(object)
  if (!before) return { do: 'nothing' }
  const asked = object?.metadata.annotations?.[refreshAnnotation]
  const askedAt = object?.metadata.annotations?.[refreshTimestamp]
  const comparison = await compareAt(before, asked === 'hard')

  // From here on nothing waits: what is read now is what is written.
  const application = readApplication(hub.get(key))
  if (!application) return { do: 'nothing' }
  const isUnknown = comparison.failure !== undefined || comparison.invalid !== undefined
  const resources = comparison.pairs.map(pair => resourceOf(pair, isUnknown))
  const status = syncStatusOf(comparison, resources)
  // A closed window is passed over in silence: Argo CD only logs it (controller/appcontroller.go:2002-2019).
  const autoSync: AutoSync = comparison.project?.deniesAutoSync(application)
    ? { do: 'nothing' }
    : decideAutoSync(application, {
        revisions: comparison.revisions ?? [],
        status,
        resources,
        now: clock.now(),
      })
  const now = timestampOf(clock.now())
  const { destination } = application.spec
  const isLoaded = comparison.failure === undefined && comparison.revisions !== undefined
  const names = sourcesOf(application).map(({ targetRevision }) => targetRevision)
  // What could not be loaded was compared with a name, not with a commit (controller/appcontroller.go, state.go).
  const sync = {
    status,
    ...revisionFields(application, isLoaded ? comparison.revisions : names),
    comparedTo: { ...sourceFields(application), destination },
  }
  const conditions = conditionsOf(comparison, { autoSync, status: application.status, now })
  hub.change(key, live => {
    live['status'] = {
      ...application.status,
      // An invalid spec is not compared at all; a ComparisonError leaves the health of what is live.
      ...(comparison.invalid === undefined
        ? { sync, health: { status: healthOf(comparison.pairs) }, resources }
        : { sync: { ...application.status.sync, status }, health: { status } }),
      conditions,
      ...(isLatest ? { reconciledAt: now } : {}),
    }
    const annotations = live.metadata.annotations ?? {}
    // A request that came during the comparison stays, and is served next.
    if (asked === undefined || annotations[refreshTimestamp] !== askedAt) return
    Reflect.deleteProperty(annotations, refreshAnnotation)
    Reflect.deleteProperty(annotations, refreshTimestamp)
  })

  const at = comparison.revisions?.map(sha => sha.slice(0, 7)).join(', ') ?? 'an unknown revision'
  const isNews =
    application.status.sync?.status !== status ||
    !isDeepStrictEqual(
      application.status.conditions?.map(({ message }) => message) ?? [],
      conditions.map(({ message }) => message),
    ) ||
    (comparison.invalid === undefined &&
      (application.status.sync.revision !== sync.revision ||
        !isDeepStrictEqual(application.status.sync.revisions, sync.revisions)))
  if (isNews || asked !== undefined)
    tell(
      'argocd',
      `${asked === undefined ? 'compared' : 'refreshed'} ${key.name} at ${at}: ${status}`,
      {
        application: instanceNameOf(application),
        revision: comparison.revisions?.[0],
        status,
      },
    )
  const refusal = conditions.at(-1)
  if (isNews && refusal)
    tell('argocd', `refused to sync ${key.name}: ${refusal.message}`, {
      application: instanceNameOf(application),
      condition: refusal.type,
    })
  return autoSync
}
