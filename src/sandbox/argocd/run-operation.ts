import { setTimeout as sleepRealTime } from 'node:timers/promises'
import type { ObjectKey, StoredObject } from '../kubernetes/object-store.ts'
import { timestampOf } from '../kubernetes/timestamp-of.ts'
import type { World } from '../world.ts'
import {
  changeStatus,
  readApplication,
  revisionFields,
  sourceFields,
  type Application,
  type Operation,
  type OperationState,
} from './application.ts'
import type { Comparison } from './refresh-application.ts'
import { runSync, type SyncProgress } from './run-sync.ts'
import { messageOf } from '../../errors.ts'

const approval = 'argocd.argoproj.io/deletion-approved'

type End = Readonly<Omit<SyncProgress, 'phase'> & { phase: 'Succeeded' | 'Failed' | 'Error' }>

const shortOf = (revisions: readonly string[]): string =>
  revisions.map(revision => revision.slice(0, 7)).join(', ')

// 5 s, doubled each time, at most 3 minutes (argo-cd pkg/apis/application/v1alpha1/application_defaults.go:6-8).
const retrySeconds = (count: number): number => Math.min(180, 5 * 2 ** count)

// Go's time.Kitchen.
const kitchenTime = (date: Date): string => {
  const hours = date.getUTCHours()
  const minutes = String(date.getUTCMinutes()).padStart(2, '0')
  return `${hours % 12 === 0 ? 12 : hours % 12}:${minutes}${hours < 12 ? 'AM' : 'PM'}`
}

/** Runs the `operation` of an Application to its end and writes `status.operationState` all along. */
export const runOperation = async (
  world: World,
  key: ObjectKey,
  {
    operation,
    compareAt,
    isStopped,
  }: Readonly<{
    operation: Operation
    /** Compares at given revisions, or at the tips of the branches. */
    compareAt: (
      application: Application,
      revisions: readonly string[] | undefined,
    ) => Promise<Comparison>
    isStopped: () => boolean
  }>,
): Promise<void> => {
  const { hub, clock, tell } = world
  const startedAt = timestampOf(clock.now())
  const current = (): Application | undefined => readApplication(hub.get(key))
  const write = (
    state: Readonly<
      Pick<OperationState, 'phase' | 'message' | 'syncResult'> & { finishedAt?: string }
    >,
  ): void => {
    changeStatus(hub, key, status => ({
      ...status,
      operationState: { operation, startedAt, ...retries(), ...state },
    }))
  }
  const application = current()
  if (!application) return

  let revisions = operation.sync.revisions ?? [operation.sync.revision ?? []].flat()
  let retryCount = 0
  const retries = (): Partial<OperationState> => (retryCount === 0 ? {} : { retryCount })
  const isTerminating = (): boolean => current()?.status.operationState?.phase === 'Terminating'
  const syncResult = (
    resources: SyncProgress['resources'],
  ): NonNullable<OperationState['syncResult']> => ({
    revision: '',
    ...revisionFields(application, revisions),
    ...sourceFields(application),
    resources: [...resources],
  })
  const pruned: StoredObject[] = []
  const perform = async (): Promise<End> => {
    write({ phase: 'Running', syncResult: syncResult([]) })
    const comparison = await compareAt(application, revisions.length > 0 ? revisions : undefined)
    revisions = [...(comparison.revisions ?? revisions)]
    if (comparison.failure !== undefined || !comparison.project)
      return {
        phase: 'Error',
        message: `ComparisonError: ${comparison.failure ?? 'the project does not exist'}`,
        resources: [],
      }
    const progress = await runSync(comparison.pairs, {
      store: hub,
      project: comparison.project,
      operation,
      // Who asks for the sync puts the Application's own into it (server/application/application.go, Sync).
      syncOptions: operation.sync.syncOptions ?? [],
      admission: world.admission ?? (() => undefined),
      destinationNamespace: application.spec.destination.namespace,
      report: ({ message, resources }) => {
        if (isTerminating()) return
        write({ phase: 'Running', message, syncResult: syncResult(resources) })
      },
      keepWaiting: async () => {
        // A clock that runs very fast must not make this a busy loop.
        await Promise.all([clock.sleep(2), sleepRealTime(2)])
        return !isStopped() && !isTerminating()
      },
      isPruneConfirmed: () => {
        const approved = hub.get(key)?.metadata.annotations?.[approval] ?? ''
        return Date.parse(approved) >= Date.parse(startedAt)
      },
      onPruned: live => {
        pruned.push(live)
        tell('argocd', `pruned ${live.kind} ${live.metadata.name}`, {
          application: key.name,
          revision: revisions[0],
          kind: live.kind,
          namespace: live.metadata.namespace,
          name: live.metadata.name,
        })
      },
    })
    return { ...progress, phase: progress.phase === 'Running' ? 'Failed' : progress.phase }
  }
  const attempt = (): Promise<End> =>
    perform().catch((error: unknown): End => ({
      phase: 'Error',
      message: messageOf(error),
      resources: [],
    }))
  const limit = operation.sync.dryRun ? 0 : (operation.retry?.limit ?? 0)
  let end = await attempt()
  // Running with a finishedAt is waiting for the next try, at the same commit (controller/appcontroller.go:1683-1690).
  while (end.phase !== 'Succeeded' && retryCount < limit && !isTerminating() && !isStopped()) {
    const seconds = retrySeconds(retryCount)
    retryCount += 1
    const at = kitchenTime(new Date(clock.now().getTime() + seconds * 1000))
    const { resources } = end
    const message = `${end.message}. Retrying attempt #${retryCount} at ${at}.`
    write({
      phase: 'Running',
      message,
      finishedAt: timestampOf(clock.now()),
      syncResult: syncResult(resources),
    })
    await clock.sleep(seconds)
    end = isTerminating() ? { ...end, message: 'Operation terminated' } : await attempt()
  }
  if (end.phase !== 'Succeeded' && retryCount > 0 && end.message !== 'Operation terminated')
    end = { ...end, message: `${end.message} (retried ${retryCount} times).` }
  const finishedAt = timestampOf(clock.now())
  const isFull = end.phase === 'Succeeded' && !operation.sync.dryRun && !operation.sync.resources
  hub.change(key, object => {
    delete object['operation']
    const status = readApplication(object)?.status ?? {}
    const history = status.history ?? []
    const entry = {
      id: (history.at(-1)?.id ?? -1) + 1,
      ...revisionFields(application, revisions),
      ...sourceFields(application),
      deployedAt: finishedAt,
    }
    object['status'] = {
      ...status,
      operationState: {
        operation,
        startedAt,
        finishedAt,
        phase: end.phase,
        message: end.message,
        ...retries(),
        syncResult: syncResult(end.resources),
      },
      ...(isFull ? { history: [...history, entry] } : {}),
    }
  })
  tell(
    'argocd',
    end.phase === 'Succeeded'
      ? `synced ${key.name} to ${shortOf(revisions)}`
      : `failed to sync ${key.name} to ${shortOf(revisions)}: ${end.message}`,
    { application: key.name, revision: revisions[0], phase: end.phase, pruned: pruned.length },
  )
}
