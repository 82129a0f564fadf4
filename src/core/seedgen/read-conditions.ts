/** One entry of `status.conditions`. */
export type Condition = Readonly<{ type: string; status: string; reason: string; message: string }>

/** How far the Lifecycle Agent is; 'none' is a SeedGenerator that it has not looked at yet. */
export type Progress = 'none' | 'running' | 'completed' | 'failed'

/** A SeedGenerator on the seed, read for what a run needs. */
export type SeedGeneratorState = Readonly<{
  uid: string
  /** Changes with each write to it, also to its status. */
  resourceVersion?: string | undefined
  image: string
  /** Its whole spec is what the run would apply; false where nobody has compared it. */
  isWanted: boolean
  /** Somebody has asked for its deletion. */
  isBeingDeleted: boolean
  progress: Progress
  message: string | null
}>

/**
 * Reads the conditions as the Lifecycle Agent does: any reason Failed is terminal, then SeedGenCompleted
 * True, then SeedGenInProgress True (getPhase, seedgen_controller.go:129-163). The printer columns are
 * never used: after a failure they show SeedGenInProgress for ever.
 */
export const readConditions = (
  conditions: readonly Condition[],
): Readonly<{ progress: Progress; message: string | null }> => {
  const failed =
    conditions.find(({ type, reason }) => type === 'SeedGenCompleted' && reason === 'Failed') ??
    conditions.find(({ reason }) => reason === 'Failed')
  if (failed) return { progress: 'failed', message: failed.message }
  const completed = conditions.find(
    ({ type, status }) => type === 'SeedGenCompleted' && status === 'True',
  )
  if (completed) return { progress: 'completed', message: completed.message }
  const running = conditions.find(
    ({ type, status }) => type === 'SeedGenInProgress' && status === 'True',
  )
  return running
    ? { progress: 'running', message: running.message }
    : { progress: 'none', message: null }
}
