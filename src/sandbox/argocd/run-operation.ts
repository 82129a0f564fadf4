import { setTimeout as sleepRealTime } from 'node:timers/promises'
import type { ObjectKey, StoredObject } from '../kubernetes/object-store.ts'
import { timestampOf } from '../kubernetes/timestamp-of.ts'
import type { World } from '../world.ts'
import {
  changeStatus,
  readApplication,
  type Application,
  type Operation,
  type OperationState,
} from './application.ts'
import type { Comparison } from './refresh-application.ts'
import { runSync, type SyncProgress } from './run-sync.ts'
import { messageOf } from '../../errors.ts'

const approval = 'argocd.argoproj.io/deletion-approved'

type End = Readonly<Omit<SyncProgress, 'phase'> & { phase: 'Succeeded' | 'Failed' | 'Error' }>

const shortOf = (revision: string): string => revision.slice(0, 7)

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
    /** Compares at a revision, or at the tip of the branch. */
    compareAt: (application: Application, revision: string | undefined) => Promise<Comparison>
    isStopped: () => boolean
  }>,
): Promise<void> => {
  const { hub, clock, tell } = world
  const startedAt = timestampOf(clock.now())
  const current = (): Application | undefined => readApplication(hub.get(key))
  const write = (
    state: Readonly<Pick<OperationState, 'phase' | 'message' | 'syncResult'>>,
  ): void => {
    changeStatus(hub, key, status => ({
      ...status,
      operationState: { operation, startedAt, ...state },
    }))
  }
  const application = current()
  if (!application) return

  let revision = operation.sync.revision ?? ''
  const pruned: StoredObject[] = []
  const perform = async (): Promise<End> => {
    write({ phase: 'Running', syncResult: { revision, resources: [] } })
    const comparison = await compareAt(application, operation.sync.revision)
    revision = comparison.revision ?? revision
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
      syncOptions: [
        ...(application.spec.syncPolicy?.syncOptions ?? []),
        ...(operation.sync.syncOptions ?? []),
      ],
      destinationNamespace: application.spec.destination.namespace,
      report: ({ message, resources }) => {
        if (current()?.status.operationState?.phase === 'Terminating') return
        write({ phase: 'Running', message, syncResult: { revision, resources: [...resources] } })
      },
      keepWaiting: async () => {
        // A clock that runs very fast must not make this a busy loop.
        await Promise.all([clock.sleep(2), sleepRealTime(2)])
        return !isStopped() && current()?.status.operationState?.phase !== 'Terminating'
      },
      isPruneConfirmed: () => {
        const approved = hub.get(key)?.metadata.annotations?.[approval] ?? ''
        return Date.parse(approved) >= Date.parse(startedAt)
      },
      onPruned: live => {
        pruned.push(live)
        tell('argocd', `pruned ${live.kind} ${live.metadata.name}`, {
          application: key.name,
          revision,
          kind: live.kind,
          namespace: live.metadata.namespace,
          name: live.metadata.name,
        })
      },
    })
    return { ...progress, phase: progress.phase === 'Running' ? 'Failed' : progress.phase }
  }
  const end = await perform().catch((error: unknown): End => ({
    phase: 'Error',
    message: messageOf(error),
    resources: [],
  }))
  const finishedAt = timestampOf(clock.now())
  const { source } = application.spec
  const isFull = end.phase === 'Succeeded' && !operation.sync.dryRun && !operation.sync.resources
  hub.change(key, object => {
    delete object['operation']
    const status = readApplication(object)?.status ?? {}
    const history = status.history ?? []
    const entry = { id: (history.at(-1)?.id ?? -1) + 1, revision, deployedAt: finishedAt, source }
    object['status'] = {
      ...status,
      operationState: {
        operation,
        startedAt,
        finishedAt,
        phase: end.phase,
        message: end.message,
        syncResult: { revision, source, resources: end.resources },
      },
      ...(isFull ? { history: [...history, entry] } : {}),
    }
  })
  tell(
    'argocd',
    end.phase === 'Succeeded'
      ? `synced ${key.name} to ${shortOf(revision)}`
      : `failed to sync ${key.name} to ${shortOf(revision)}: ${end.message}`,
    { application: key.name, revision, phase: end.phase, pruned: pruned.length },
  )
}
