import { z } from 'zod'
import type { Sandbox } from '../sandbox/start-sandbox.ts'

/** The reason why a run waits for a person. */
export type Blocked = Readonly<{ code: string; reason: string; fix: string }>

const seedRun = z.looseObject({
  status: z
    .looseObject({
      blocked: z.looseObject({ code: z.string(), reason: z.string(), fix: z.string() }).nullish(),
    })
    .optional(),
})

/** As long as an answer must stand: the bot waits much out by itself. */
const patience = 20_000

/**
 * Watches what a run waits for: null while it goes on. A request that never became a run waits for what the bot said of
 * it last. `now` is in milliseconds.
 */
export const createPatience = (
  { hub }: Pick<Sandbox, 'hub'>,
  cluster: string,
  lastProblem: () => Blocked | null,
  now: () => number = Date.now,
): (() => Blocked | null) => {
  const state = { since: now() }
  return () => {
    const run = hub.get({
      ...{ apiVersion: 'sower.dev/v1alpha1', kind: 'SeedRun', namespace: 'sower', name: cluster },
    })
    const answer =
      run === undefined ? lastProblem() : (seedRun.safeParse(run).data?.status?.blocked ?? null)
    if (answer === null) state.since = now()
    return now() - state.since < patience ? null : answer
  }
}
