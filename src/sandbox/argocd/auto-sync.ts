import { isDeepStrictEqual } from 'node:util'
import {
  automatedOf,
  hasSeveralSources,
  revisionFields,
  type Application,
  type Operation,
  type OperationState,
  type ResourceResult,
} from './application.ts'

/** The act of automated sync after a comparison: nothing, an operation, a refusal, or another look later. */
export type AutoSync = Readonly<
  | { do: 'nothing' }
  | { do: 'sync'; operation: Operation }
  | { do: 'refuse'; message: string }
  | { do: 'look-later'; seconds: number }
>

// 2 s, 6 s, 18 s … 300 s between heals of one revision, and again after 330 s of peace (controller flags :275-278).
const backoffSeconds = (attempts: number): number =>
  attempts === 0 ? 0 : Math.min(300, 2 * 3 ** (attempts - 1))

const optionsOf = ({
  spec: { syncPolicy },
}: Application): Pick<Operation['sync'], 'syncOptions'> =>
  syncPolicy?.syncOptions.length ? { syncOptions: syncPolicy.syncOptions } : {}

const heal = (
  operationState: OperationState,
  {
    operation,
    drifted,
    now,
  }: Readonly<{ operation: Operation; drifted: ResourceResult[]; now: Date }>,
): AutoSync => {
  const since = (now.getTime() - Date.parse(operationState.finishedAt ?? '')) / 1000
  const attempts = since > 330 ? 0 : (operationState.operation.sync.autoHealAttemptsCount ?? 0)
  const seconds = backoffSeconds(attempts) - since
  if (seconds > 0) return { do: 'look-later', seconds }
  const sync = { ...operation.sync, resources: drifted, autoHealAttemptsCount: attempts + 1 }
  return { do: 'sync', operation: { ...operation, sync } }
}

/** Decides as argo-cd controller/appcontroller.go:2520-2700 does, in its order. */
export const decideAutoSync = (
  application: Application,
  {
    revisions,
    status,
    resources,
    now,
  }: Readonly<{
    revisions: readonly string[]
    status: string
    resources: readonly ResourceResult[]
    now: Date
  }>,
): AutoSync => {
  const automated = automatedOf(application)
  const { operationState } = application.status
  if (!automated || application.operation || operationState?.phase === 'Running')
    return { do: 'nothing' }
  // Synced needs nothing; Unknown, after a ComparisonError, is never synced.
  if (status !== 'OutOfSync') return { do: 'nothing' }
  // Pruning is all that is left, and is not automated.
  if (
    !automated.prune &&
    resources.every(resource => resource.status === 'Synced' || resource.requiresPruning === true)
  )
    return { do: 'nothing' }
  const operation: Operation = {
    initiatedBy: { automated: true },
    sync: {
      ...revisionFields(application, revisions),
      prune: automated.prune,
      dryRun: false,
      ...optionsOf(application),
    },
    retry: application.spec.syncPolicy?.retry ?? { limit: 5 },
  }
  const attempted = operationState?.syncResult
  const wasAttempted = hasSeveralSources(application)
    ? isDeepStrictEqual(attempted?.revisions, revisions)
    : attempted?.revision === (revisions[0] ?? '')
  const revision = revisions.join(', ')
  if (wasAttempted && operationState?.phase !== 'Succeeded')
    return {
      do: 'refuse',
      // Go prints a list of one revision in the same brackets.
      message: `Failed last sync attempt to [${revision}]: ${operationState?.message ?? ''}`,
    }
  if (wasAttempted && !automated.selfHeal) return { do: 'nothing' }
  if (
    automated.prune &&
    !automated.allowEmpty &&
    resources.every(({ requiresPruning }) => requiresPruning === true)
  )
    return {
      do: 'refuse',
      message: `Skipping sync attempt to [${revision}]: auto-sync will wipe out all resources`,
    }
  if (!wasAttempted || !operationState) return { do: 'sync', operation }
  const drifted = resources.filter(resource => resource.status !== 'Synced')
  return heal(operationState, { operation, drifted, now })
}
