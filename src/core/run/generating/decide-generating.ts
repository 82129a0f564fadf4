import { block, enter, later, secondsBetween, wait, type Decision } from '../decision.ts'
import type { ObservationOf } from '../observation.ts'
import { generationOf, imageOf } from './generation-of.ts'
import type { Generation, Instant, Run } from '../run.ts'
import { agentWaits } from '../../seedgen/explain-agent.ts'
import { holds, type Seen } from '../../seen.ts'

/** Up to 75 minutes without an API on Lifecycle Agents before 4.22, and some for what comes before. */
const generatingBudget = 90 * 60

/** The Lifecycle Agent takes a new SeedGenerator at once; after this nobody is there to take it. */
const silenceLimit = 3 * 60

/** So long an API is away before a proven image counts more than the hope that it comes back. */
const awayLimit = 10 * 60

const stopCodes: readonly string[] = ['AGENT_WAITS', 'AGENT_SILENT']

/**
 * Generating: conditions are followed; no API and no SeedGenerator are normal here, within the budget. What the Lifecycle
 * Agent itself waits for, and a Lifecycle Agent that is not there, ask for a person and do not count. An image that is proven
 * ends the wait for an API that is away, and never while the SeedGenerator says that it is in progress.
 */
export const decideGenerating = (
  run: Run,
  observation: ObservationOf<'Generating'>,
  now: Instant,
): Decision => {
  const { seedGenerator, agent } = observation
  if (seedGenerator.seen !== 'present') return decideAway(run, observation, now)
  const { message, progress } = seedGenerator.value
  const lastMessage = message ?? run.facts.lastMessage
  const isOver = progress === 'completed' || progress === 'failed'
  const generation = { ...generationOf(run), awaySince: null, ended: isOver }
  const heard: Run = { ...run, facts: { ...run.facts, lastMessage, generation } }
  if (isOver) return enter(heard, 'Verifying', now)
  const waiting = progress === 'running' ? agentWaits(message) : null
  if (waiting)
    return block(
      heard,
      {
        code: 'AGENT_WAITS',
        reason: `the Lifecycle Agent waits for the seed to be well: ${waiting.what}`,
        fix: waiting.fix,
      },
      now,
    )
  if (progress === 'none' && secondsBetween(run.since, now) > silenceLimit)
    return block(
      heard,
      {
        code: 'AGENT_SILENT',
        reason: `the Lifecycle Agent has not looked at the SeedGenerator; ${podOf(agent)}`,
        fix: 'repair the Lifecycle Agent on the seed: it goes on by itself when it starts, and takes the SeedGenerator that is there',
      },
      now,
    )
  return goOn(countStop(heard, now), now)
}

const podOf = (agent: Seen<string>): string =>
  agent.seen === 'present'
    ? agent.value
    : agent.seen === 'absent'
      ? 'it has no pod there'
      : `its pod gave no answer (${agent.why})`

const decideAway = (run: Run, { image }: ObservationOf<'Generating'>, now: Instant): Decision => {
  const known = generationOf(run)
  const awaySince = known.awaySince ?? now
  const away: Run = { ...run, facts: { ...run.facts, generation: { ...known, awaySince } } }
  if (secondsBetween(awaySince, now) >= awayLimit && holds(imageOf(run, image), p => p.isProven))
    return enter(away, 'Verifying', now)
  return goOn(countStop(away, awaySince), now)
}

/** The time that the run was stopped for a person does not count as generation. */
const countStop = (run: Run, until: Instant): Run => {
  const { blocked } = run
  if (blocked === null || !stopCodes.includes(blocked.code)) return run
  const generation: Generation = generationOf(run)
  const waited = generation.waited + Math.max(0, Math.round(secondsBetween(blocked.since, until)))
  return { ...run, blocked: null, facts: { ...run.facts, generation: { ...generation, waited } } }
}

const goOn = (run: Run, now: Instant): Decision => {
  const budget = generatingBudget + generationOf(run).waited
  return secondsBetween(run.since, now) > budget
    ? enter(run, 'Verifying', now)
    : wait(run, later(run.since, budget))
}
