import type { Comparison } from '../compare/compare-fleet.ts'
import { standings } from '../compare/compared.ts'
import {
  fewOf,
  ofSeverity,
  severities,
  sharedFindings,
  type SharedFinding,
} from '../compare/shared-findings.ts'
import { checksSection } from './checks-section.ts'
import { codeCell, codeSpan, plain, shorten, table } from './plain.ts'

const mostRows = 40
const longestReason = 500

/**
 * A comparison for a pull request: the counts in sight, all else folded, the worst first. `clean` takes registered values
 * out of each text before it is escaped or cut.
 */
export const comparisonReport = (
  comparison: Comparison,
  notes: readonly string[],
  clean: (text: string) => string,
): string => {
  const { cluster, minor, targets, seed } = comparison
  const counts = standings.flatMap(standing => {
    const count = targets.filter(one => one.standing === standing).length
    return count === 0 ? [] : [`${count} ${words[standing]}`]
  })
  const findings = sharedFindings(targets)
  return [
    `**${codeSpan(cluster)} against ${targets.length} targets${minor === null ? '' : ` (OpenShift ${plain(minor)})`}:** ${counts.join(', ') || 'there is none'}.`,
    ...severities.flatMap(severity => {
      const meant = ofSeverity(findings, severity)
      return meant.length === 0
        ? []
        : [folded(`${severity.title}: ${meant.length}`, findingsTable(meant, clean))]
    }),
    folded(
      'the targets',
      table(
        ['target', 'result'],
        [
          ...targets
            .slice(0, mostRows)
            .map(target => [codeCell(target.cluster), words[target.standing]]),
          ...(targets.length > mostRows ? [[`and ${targets.length - mostRows} more`, '']] : []),
        ],
      ),
    ),
    folded(
      'the seed itself',
      checksSection(seed.map(one => ({ ...one, reason: clean(one.reason), fix: clean(one.fix) }))),
    ),
    ...notes.map(note => `- ${plain(clean(note))}`),
  ].join('\n\n')
}

const words = {
  fails: 'would fail',
  unknown: 'not known completely',
  warns: 'with something to decide',
  fits: 'fit',
} as const

const folded = (title: string, content: string): string =>
  `<details><summary>${title}</summary>\n\n${content}\n\n</details>`

const findingsTable = (
  findings: readonly SharedFinding[],
  clean: (text: string) => string,
): string =>
  table(
    ['row', 'targets', 'found', 'what to do'],
    findings
      .slice(0, mostRows)
      .map(({ id, clusters, reason, agent, fix }) => [
        codeCell(id),
        plain(fewOf(clusters)),
        plain(
          shorten(
            clean(agent === null ? reason : `${reason}. The Lifecycle Agent: ${agent}`),
            longestReason,
          ),
        ),
        plain(clean(fix)),
      ]),
  )
