import { fine, mistake, warning, type Finding } from '../../core/finding.ts'
import { describeTarget, type SealTarget } from '../../core/secret/sealed/scope.ts'
import type { SealingController } from '../ports/sealing-controller.ts'

/** The controller answers two questions a second, and the third is already too much (server.go:49-69). */
const pause = 600
const mostQuestions = 6

/**
 * Asks the controller whether it opens a value for its target, and if not, for which other one: a value does
 * not tell. `elsewhere` are likely places; `sleep` waits that many milliseconds.
 */
export const explainTarget = async (
  { opens }: Pick<SealingController, 'opens'>,
  {
    sealed,
    target,
    elsewhere,
  }: Readonly<{
    sealed: string
    target: SealTarget
    elsewhere: readonly Readonly<{ namespace: string; name: string }>[]
  }>,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<Finding> => {
  const candidates = likelyTargets(target, elsewhere).slice(0, mostQuestions)
  for (const [asked, candidate] of candidates.entries()) {
    if (asked > 0) await sleep(pause)
    const answer = await opens(sealed, candidate)
    if (answer.seen !== 'present')
      return warning(
        'SEALED_NOT_ASKED',
        'the controller could not be asked whether it opens the value',
        'let the user call its service, as kubeseal does: docs/sealing.md',
      )
    if (!answer.value) continue
    return asked === 0
      ? fine('SEALED_READABLE', 'the controller has a key that opens it')
      : mistake(
          'SEALED_FOR_OTHER',
          `it is sealed for ${describeTarget(candidate)}, and is there as ${describeTarget(target)}`,
          'seal it again for where it is, or put it back under the name that it was sealed for',
        )
  }
  return mistake(
    'SEALED_NO_KEY',
    `the controller opens it neither as ${describeTarget(target)} nor as any of ${candidates.length - 1} likely others`,
    "seal it again with the controller's current certificate",
  )
}

/** The target itself, then its other scopes, then other places: the scope is what people get wrong most. */
const likelyTargets = (
  target: SealTarget,
  elsewhere: readonly Readonly<{ namespace: string; name: string }>[],
): readonly SealTarget[] => {
  const scopes = ['strict', 'namespace-wide', 'cluster-wide'] as const
  const all: readonly SealTarget[] = [
    target,
    ...scopes.map(scope => ({ ...target, scope })),
    ...elsewhere.map(({ namespace, name }) => ({ scope: 'strict' as const, namespace, name })),
  ]
  return [...new Map(all.map(one => [describeTarget(one), one])).values()]
}
