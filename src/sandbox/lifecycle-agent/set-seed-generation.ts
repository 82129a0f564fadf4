import { z } from 'zod'
import type { StoredObject } from '../kubernetes/object-store.ts'
import { timestampOf } from '../kubernetes/timestamp-of.ts'

const statusSchema = z.looseObject({
  conditions: z
    .array(
      z.looseObject({
        type: z.string(),
        status: z.string(),
        reason: z.string(),
        message: z.string(),
        lastTransitionTime: z.string(),
      }),
    )
    .default([]),
})

/** Where a generation stands (lifecycle-agent controllers/seedgen_controller.go:129-163). */
export type SeedGenerationPhase = 'initial' | 'generating' | 'finalizing' | 'completed' | 'failed'

/** The last message before the API goes away; the agent finds its place again by it. */
export const launchingMessage = 'Launching imager container'

/** Reads the phase from the conditions, the only memory that the agent has. */
export const seedGenerationPhaseOf = (generator: StoredObject): SeedGenerationPhase => {
  const { conditions } = statusSchema.parse(generator['status'] ?? {})
  const find = (type: string) => conditions.find(condition => condition.type === type)
  if (conditions.some(({ reason }) => reason === 'Failed')) return 'failed'
  if (find('SeedGenCompleted')?.status === 'True') return 'completed'
  const inProgress = find('SeedGenInProgress')
  if (inProgress?.status !== 'True') return 'initial'
  return inProgress.message === launchingMessage ? 'finalizing' : 'generating'
}

/** The new state of a condition. */
export type SeedGenerationState = Readonly<
  { is: 'running'; message: string } | { is: 'completed' } | { is: 'failed'; cause: string }
>

const completedMessage = 'Seed Generation completed'

type Wanted = Readonly<{ type: string; status: string; reason: string; message: string }>

const wantedOf = (state: SeedGenerationState): readonly Wanted[] => {
  const progress = { type: 'SeedGenInProgress', status: 'False' }
  const end = { type: 'SeedGenCompleted' }
  switch (state.is) {
    case 'running':
      return [{ ...progress, status: 'True', reason: 'InProgress', message: state.message }]
    case 'completed':
      return [
        { ...progress, reason: 'Completed', message: completedMessage },
        { ...end, status: 'True', reason: 'Completed', message: completedMessage },
      ]
    case 'failed':
      // SeedGenInProgress comes last, so `oc get seedgen` shows it as the state of a failure.
      return [
        {
          ...end,
          status: 'False',
          reason: 'Failed',
          message: `Seed generation failed: ${state.cause}`,
        },
        { ...progress, reason: 'Failed', message: state.cause },
      ]
  }
}

/** Writes the conditions of a state into a SeedGenerator, the newest last. */
export const setSeedGeneration = (
  generator: StoredObject,
  { state, now }: Readonly<{ state: SeedGenerationState; now: Date }>,
): void => {
  const status = statusSchema.parse(generator['status'] ?? {})
  const observedGeneration = generator.metadata.generation ?? 1
  const wanted = wantedOf(state).map(condition => {
    const before = status.conditions.find(({ type }) => type === condition.type)
    const lastTransitionTime =
      before?.status === condition.status ? before.lastTransitionTime : timestampOf(now)
    return { ...condition, lastTransitionTime, observedGeneration }
  })
  const others = status.conditions.filter(({ type }) => wanted.every(each => each.type !== type))
  generator['status'] = { ...status, observedGeneration, conditions: [...others, ...wanted] }
}
