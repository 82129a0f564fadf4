import { leaving } from './decision.ts'
import { newGeneration } from './generating/generation-of.ts'
import { withOwnResult, type OwnResult } from './own/own-changes.ts'
import type { Effect, Instant, Run, Sha, Versions } from './run.ts'

/** The result of an effect that has succeeded. */
export type EffectResult = Readonly<{
  sha?: Sha
  /** Sower's own pull request was opened, or its merge asked for. */
  own?: OwnResult
  /** The origin of a generation, and the things that it uses up: the installation of the seed, and the push credential. */
  uses?: Readonly<{
    clusterID: string | null
    sealedSecretDigest: string | null
    versions?: Versions
    traits?: NonNullable<Run['facts']['traits']>
  }>
}>

/**
 * The run after an effect is known to have succeeded: the intent is settled and what blocked it is gone.
 * A SeedGenerator that the API server accepted was seen, so the run goes on to Generating at once and can
 * never apply it a second time.
 */
export const settle = (run: Run, effect: Effect, result: EffectResult, now: Instant): Run => {
  const settled: Run = { ...run, intent: null, blocked: null }
  if (effect.do === 'apply-seed-generator') {
    const facts = { ...settled.facts, ...leaving(run), generation: newGeneration }
    return { ...settled, facts, phase: 'Generating', since: now }
  }
  if (effect.do === 'commit-seed-generator' && result.sha !== undefined)
    return { ...settled, facts: { ...settled.facts, generatorAs: result.sha } }
  if (effect.do === 'save-access' || effect.do === 'delete-access')
    return {
      ...settled,
      facts: { ...settled.facts, accessSince: effect.do === 'save-access' ? now : null },
    }
  if (result.own !== undefined)
    return {
      ...settled,
      facts: { ...settled.facts, own: withOwnResult(run.facts.own, result.own, now) },
    }
  return result.uses === undefined
    ? settled
    : { ...settled, facts: { ...settled.facts, ...result.uses } }
}
