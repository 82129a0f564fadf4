import { RefusedError } from '../../errors.ts'
import type { RepositoryTree } from '../repository-tree.ts'
import type { Guard, Scene, Verdict, Violation } from './guard.ts'
import { readGuardSettings } from './guard-settings.ts'
import { guards } from './guards.ts'
import { readRender, type RenderedObject } from './rendered-object.ts'
import { waiverIn } from './waiver.ts'

/** What became of a violation: it fails the render, or it is only told of. */
export type Outcome = 'refused' | 'warned' | 'waived'

export type Finding = Readonly<{
  /** `Kind namespace/name`; null where something is missing. */
  object: string | null
  file: string
  reason: string
  fix: string
  outcome: Outcome
}>

/** What one guard says of a render. */
export type Judged = Readonly<{
  rule: string
  verdict: 'pass' | 'not applicable' | Outcome
  findings: readonly Finding[]
}>

export type Judging = Readonly<{
  tree: RepositoryTree
  /** The application path, relative to the tree. */
  path: string
  render: string
  /** The rules whose violations are only told of. */
  warnOnly: ReadonlySet<string>
  /** Such as 2026-11-29, in UTC: waivers end. */
  today: string
}>

/** Judges a render by every guard. Throws RefusedError where it, or sower.yaml, cannot be read. */
export const judgeRender = async (judging: Judging): Promise<readonly Judged[]> => {
  const { tree, path, render } = judging
  const scene: Scene = {
    ...{ tree, path },
    objects: readRender(render),
    settings: readGuardSettings(tree, path),
  }
  return Promise.all(guards.map(guard => judgeBy(guard, scene, judging)))
}

const judgeBy = async (guard: Guard, scene: Scene, judging: Judging): Promise<Judged> => {
  const verdict = await verdictOf(guard, scene)
  if (verdict === 'not applicable') return { rule: guard.rule, verdict, findings: [] }
  const findings = await Promise.all(verdict.map(violation => toFinding(guard, violation, judging)))
  const worst = (['refused', 'warned', 'waived'] as const).find(outcome =>
    findings.some(finding => finding.outcome === outcome),
  )
  return { rule: guard.rule, verdict: worst ?? 'pass', findings }
}

/** What a guard cannot read it does not let pass. */
const verdictOf = async (guard: Guard, scene: Scene): Promise<Verdict> => {
  try {
    return await guard.judge(scene)
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    const { message: reason, fix = 'correct the file that it names' } = error
    return [{ objects: [], file: scene.path, reason, fix }]
  }
}

const toFinding = async (
  { rule, isAlways }: Guard,
  violation: Violation,
  { tree, path, warnOnly, today }: Judging,
): Promise<Finding> => {
  const { sourceOf } = await import('./source-of.ts')
  const { objects, file = sourceOf(tree, path, objects), reason, fix } = violation
  const [first] = objects
  const waiver = waiverIn(objects, rule, today)
  return {
    object: first ? nameOf(first) : null,
    file,
    reason: waiver
      ? `${reason} (${waiver.holds ? `waived until ${waiver.until}: ${waiver.reason}` : waiver.problem})`
      : reason,
    fix,
    outcome: waiver?.holds ? 'waived' : warnOnly.has(rule) && !isAlways ? 'warned' : 'refused',
  }
}

const nameOf = (object: RenderedObject): string => {
  const namespace = object.namespace()
  return `${object.kind} ${namespace === '' ? '' : `${namespace}/`}${object.name()}`.trimEnd()
}

/** A finding as one sentence on one line, without what to do. */
export const describeFinding = (
  rule: string,
  { object, file, reason }: Pick<Finding, 'object' | 'file' | 'reason'>,
): string => `${rule}: ${object === null ? '' : `${object} in `}${file}: ${reason}`
