import { describeFinding, type GuardFinding, type Judged } from '../src/core/guard/judge-render.ts'
import type { RenderWay } from '../src/operations/ports/kustomize.ts'
import { printable } from '../src/core/printable.ts'
import { RefusedError } from '../src/errors.ts'

/** The findings of each guard, and the way the render was made, for people. */
export const explainText = (judged: readonly Judged[], way: RenderWay): string =>
  `${guardsText(judged)}${wayText(way)}\n`

/** One line, such as `render          in 24 shards`. */
const wayText = ({ shards, reason }: RenderWay): string =>
  printable(
    `${'render'.padEnd(16)}${shards === null ? `as a whole: ${reason.replace(/\s+/g, ' ')}` : `in ${shards} shards`}`,
  )

const guardsText = (judged: readonly Judged[]): string =>
  judged
    .map(({ rule, verdict, findings }) =>
      [
        `${verdict.padEnd(16)}${rule}`,
        ...findings.flatMap(finding => [
          `${' '.repeat(16)}${finding.outcome}: ${sentenceOf(rule, finding)}`,
          `${' '.repeat(16)}${printable(finding.fix)}`,
        ]),
      ].join('\n'),
    )
    .map(text => `${text}\n`)
    .join('')

/** The same for programs. */
export const explainDocument = (
  path: string,
  judged: readonly Judged[],
  way: RenderWay,
): object => {
  const isRefused = judged.some(({ verdict }) => verdict === 'refused')
  return {
    ...{ apiVersion: 'sower.dev/v1alpha2', kind: 'Guards' },
    ...{ path, verdict: isRefused ? 'refused' : 'pass', render: way, guards: judged },
  }
}

const mostTold = 20

/**
 * Prints what only warns, and throws RefusedError GUARD_REFUSED with the first refusal; the others
 * are told of before, so that it is the last line.
 */
export const refuseRender = (judged: readonly Judged[], report: (text: string) => void): void => {
  const all = judged.flatMap(({ rule, findings }) => findings.map(finding => ({ rule, finding })))
  const [first, ...others] = all.filter(({ finding }) => finding.outcome === 'refused')
  const told = [...all.filter(({ finding }) => finding.outcome !== 'refused'), ...others]
  for (const { rule, finding } of told.slice(0, mostTold))
    report(`sower: ${finding.outcome}: ${sentenceOf(rule, finding)}; ${printable(finding.fix)}\n`)
  if (told.length > mostTold) report(`sower: and ${told.length - mostTold} more\n`)
  if (!first) return
  throw new RefusedError('GUARD_REFUSED', describeFinding(first.rule, first.finding), {
    fix: first.finding.fix,
  })
}

/** Names come from files that anybody may have written. */
const sentenceOf = (rule: string, finding: GuardFinding): string =>
  printable(describeFinding(rule, finding).replace(/\s+/g, ' '))
