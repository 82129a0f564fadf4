import type { Comparison, Source } from '../../../core/compare/compare-fleet.ts'
import { extraManifestsOf } from '../../../core/compare/compared.ts'
import {
  fewOf,
  ofSeverity,
  severities,
  sharedFindings,
  type Judged,
  type SharedFinding,
} from '../../../core/compare/shared-findings.ts'
import type { Check } from '../../../core/preflight/check.ts'
import type { OutputForm } from '../../output-flag.ts'

const mostTargets = 30
const from: Readonly<Record<Source, string>> = {
  cluster: 'asked itself',
  git: 'by Git alone',
  'sower.yaml': 'as sower.yaml expects them',
}

/** A comparison as people read it on a terminal: what stops an upgrade first, each thing once, then the targets, all of them where it is `wide`. */
export const describeComparison = (
  comparison: Comparison,
  notes: readonly string[],
  form: OutputForm = 'text',
): string => {
  const { cluster, minor, targets, seed } = comparison
  const lines = [
    `${cluster}${minor === null ? '' : `, OpenShift ${minor}`} (${from[comparison.from]}) against ${countOf(targets.length)}`,
    '',
    ...titled('the seed itself', sections([{ cluster, checks: seed }])),
    ...titled('the targets', sections(targets)),
    ...table(comparison, form === 'wide' ? Infinity : mostTargets),
    ...notes.map(note => `note: ${note}`),
    verdict(comparison),
  ]
  return `${lines.join('\n')}\n`
}

const titled = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`${title}:`, ...lines.map(line => `  ${line}`), '']

const sections = (judged: readonly Judged[]): readonly string[] => {
  const findings = sharedFindings(judged)
  return severities.flatMap(severity => {
    const meant = ofSeverity(findings, severity)
    if (meant.length === 0) return []
    return [
      `${severity.title}:`,
      ...(severity.status === 'fail' ? inFull : byReason)(meant, judged.length),
    ]
  })
}

const inFull = (findings: readonly SharedFinding[], all: number): readonly string[] =>
  findings.flatMap(({ id, reason, fix, agent, clusters }) => [
    `  ${id}: ${oneLine(reason)}`,
    ...(all === 1 ? [] : [`      on ${onWhich(clusters, all)}`]),
    ...(agent === null ? [] : [`      the Lifecycle Agent will say: ${oneLine(agent)}`]),
    `      ${oneLine(fix)}`,
  ])

/** Answers that are missing for the same reason stand together: what to ask for each is in the other formats. */
const byReason = (findings: readonly SharedFinding[], all: number): readonly string[] => {
  const reasons = new Map<string, string[]>()
  for (const { id, reason, clusters } of findings) {
    const key = all === 1 ? oneLine(reason) : `${oneLine(reason)} (${onWhich(clusters, all)})`
    reasons.set(key, [...(reasons.get(key) ?? []), id])
  }
  return [...reasons].flatMap(([reason, ids]) => [`  ${reason}:`, `      ${ids.join(', ')}`])
}

const onWhich = (clusters: readonly string[], all: number): string =>
  clusters.length === all ? 'all targets' : fewOf(clusters)

const oneLine = (text: string): string => text.replace(/\s+/g, ' ')
const countOf = (count: number): string => (count === 1 ? '1 target' : `${count} targets`)

/** The targets, the worst first; of many only the first. */
const table = ({ targets }: Comparison, most: number): readonly string[] => {
  const count = (
    checks: readonly Check[],
    status: Check['status'],
    level?: Check['level'],
  ): string =>
    String(checks.filter(one => one.status === status && (!level || one.level === level)).length)
  const rows = targets
    .slice(0, most)
    .map(({ cluster, standing, checks }) => [
      ...[cluster, standing, count(checks, 'fail', 'block'), count(checks, 'unknown', 'block')],
      ...[count(checks, 'fail', 'warn'), count(checks, 'pass')],
      String(extraManifestsOf(checks).length),
    ])
  const all = [['target', '', 'fail', 'no answer', 'warn', 'match', 'extra manifests'], ...rows]
  const widths = all[0]?.map((_, at) => Math.max(...all.map(row => row[at]?.length ?? 0))) ?? []
  const more = targets.length - rows.length
  return [
    ...all.map(row =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
    ...(more > 0 ? [`and ${more} more: -o wide shows all of them`] : []),
    '',
  ]
}

const verdict = ({ cluster, targets }: Comparison): string => {
  const failing = targets.filter(({ standing }) => standing === 'fails').length
  const open = targets.filter(({ standing }) => standing === 'unknown').length
  if (failing > 0)
    return `an image of ${cluster} does not fit ${failing} of ${countOf(targets.length)}; of ${open} more not all is known`
  return open > 0
    ? `nothing is known that would stop an upgrade with an image of ${cluster}; of ${open} of ${countOf(targets.length)} not all is known`
    : `an image of ${cluster} fits ${countOf(targets.length)}`
}
