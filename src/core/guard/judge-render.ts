import { RefusedError } from '../../errors.ts'
import type { Finding } from '../finding.ts'
import type { RepositoryView } from '../kustomization/repository-view.ts'
import type { Guard, Scene, Verdict, Violation } from './guard.ts'
import { readGuardSettings } from '../settings/guard-settings.ts'
import { guards } from './guards.ts'
import type { SourceOf } from '../render/source-of.ts'
import { readRender, type RenderedObject } from '../render/rendered-object.ts'
import { waiverIn } from './waiver.ts'

/** The outcome of a violation: it fails the render, or is only reported. */
export type Outcome = 'refused' | 'warned' | 'waived'

/** The finding of a guard: `bad` fails the render. */
export type GuardFinding = Finding &
  Readonly<{
    /** `Kind namespace/name`; null where something is missing. */
    object: string | null
    file: string
    fix: string
    outcome: Outcome
  }>

/** The judgement of one guard on a render. */
export type Judged = Readonly<{
  rule: string
  verdict: 'pass' | 'not applicable' | Outcome
  findings: readonly GuardFinding[]
}>

export type Judging = Readonly<{
  tree: RepositoryView
  /** The application path, relative to the tree. */
  path: string
  render: string
  /** Renders another directory of the tree, as a guard asks for it. */
  renderOf: Scene['renderOf']
  /** The rules whose violations are only told of. */
  warnOnly: ReadonlySet<string>
  /** Such as 2026-11-29, in UTC: waivers end. */
  today: string
}>

/** Judges a render by every guard. Throws RefusedError where it, or sower.yaml, cannot be read. */
export const judgeRender = async (judging: Judging): Promise<readonly Judged[]> => {
  const { tree, path, render, renderOf } = judging
  const scene: Scene = {
    ...{ tree, path, renderOf },
    objects: readRender(render),
    settings: readGuardSettings(tree, path),
  }
  const verdicts = await Promise.all(
    guards.map(async guard => ({ guard, verdict: await verdictOf(guard, scene) })),
  )
  // Most renders give no reason to look for sources, and many findings come from the same files.
  const isClean = verdicts.every(
    ({ verdict }) => verdict === 'not applicable' || verdict.length === 0,
  )
  const sourceOf = isClean
    ? (): string => path
    : (await import('../render/source-of.ts')).sourcesIn(tree, path)
  return verdicts.map(({ guard, verdict }) => {
    if (verdict === 'not applicable') return { rule: guard.rule, verdict, findings: [] }
    const findings = verdict.map(violation => toFinding(guard, violation, { ...judging, sourceOf }))
    const worst = (['refused', 'warned', 'waived'] as const).find(outcome =>
      findings.some(finding => finding.outcome === outcome),
    )
    return { rule: guard.rule, verdict: worst ?? 'pass', findings }
  })
}

/** A guard lets nothing pass that it cannot read. */
const verdictOf = async (guard: Guard, scene: Scene): Promise<Verdict> => {
  try {
    return await guard.judge(scene)
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    const { message: reason, fix = 'correct the file that it names' } = error
    return [{ objects: [], file: scene.path, reason, fix }]
  }
}

const toFinding = (
  { rule, isAlways }: Guard,
  violation: Violation,
  { sourceOf, warnOnly, today }: Judging & Readonly<{ sourceOf: SourceOf }>,
): GuardFinding => {
  const { objects, file = sourceOf(objects), reason, fix } = violation
  const [first] = objects
  const object = first ? nameOf(first) : null
  const waiver = waiverIn(objects, rule, today)
  const finding = (outcome: Outcome, text: string): GuardFinding => {
    const level = outcome === 'refused' ? 'bad' : 'warn'
    return { code: 'GUARD_REFUSED', level, object, file, reason: text, fix, outcome }
  }
  // Irreversible violations cannot be waived.
  if (isAlways) {
    const more = waiver ? ' (this rule knows no waiver)' : ''
    return finding('refused', `${reason}${more}`)
  }
  const more = waiver?.holds ? `waived until ${waiver.until}: ${waiver.reason}` : waiver?.reason
  return finding(
    waiver?.holds ? 'waived' : warnOnly.has(rule) ? 'warned' : 'refused',
    more === undefined ? reason : `${reason} (${more})`,
  )
}

const nameOf = (object: RenderedObject): string => {
  const namespace = object.namespace()
  return `${object.kind} ${namespace === '' ? '' : `${namespace}/`}${object.name()}`.trimEnd()
}

/** A finding as one sentence on one line, without what to do. */
export const describeFinding = (
  rule: string,
  { object, file, reason }: Pick<GuardFinding, 'object' | 'file' | 'reason'>,
): string => `${rule}: ${object === null ? '' : `${object} in `}${file}: ${reason}`
