import { shownIdentity } from '../../core/cluster/object-identity.ts'
import type { PlanReport } from '../../core/report/plan-report.ts'
import { paint } from './paint.ts'

/** A report for people: the diff, the proof, what else is to be known, and what was done. */
export const printPlan = (report: PlanReport, columns = Infinity, isColoured = false): string => {
  const { diffs } = report
  const sections = [
    ...(isColoured ? diffs.map(paint.diff) : diffs),
    ...proof(report, columns),
    [
      ...(diffs.length === 0 ? [standing(report)] : []),
      ...patches(report),
      ...companions(report),
      ...whole(report),
      ...report.warnings.map(warning => `warning: ${warning}`),
      ...outcome(report),
    ]
      .map(line => wrap(line, columns))
      .join('\n'),
  ]
  return `${sections
    .filter(section => section !== '')
    .map(section => section.replace(/\n+$/, ''))
    .join('\n\n')}\n`
}

/** Where there is no edit to show. */
const standing = ({ cluster, status, file, line, written }: PlanReport): string => {
  const place = file === null ? '' : `: ${file}${line === null ? '' : `:${line}`}`
  if (status === 'detached') return `${cluster} is detached already${place}`
  if (status === 'reattachable')
    return `the detach of ${cluster} is in the work tree only; it would be taken back`
  return written.length === 0
    ? `${cluster} is attached already${place}`
    : `the detach of ${cluster} was in the work tree only; it is taken back`
}

const proof = (
  { status, proof, kustomize, roots }: PlanReport,
  columns: number,
): readonly string[] => {
  if (roots.length === 0) return []
  const isComing = status === 'reattachable' || status === 'attached'
  const what = `exactly this ${isComing ? 'comes back into' : 'leaves'} the render`
  const isNone = roots.every(({ removed, added }) => removed.length + added.length === 0)
  const claim = isNone ? 'nothing leaves the render' : what
  const title =
    proof === 'static'
      ? `STATIC PROOF: nothing was rendered, since a kustomize plugin is missing.\nBy the listed files ${claim}`
      : `proof (${kustomize ?? ''}): ${claim}`
  const paths = [...new Set(roots.map(({ path }) => path))]
  const lines = paths.flatMap(path => {
    const steps = roots.filter(root => root.path === path)
    const left = steps.at(-1)?.left ?? 0
    const objects = steps.flatMap(({ removed, added }) => [...removed, ...added])
    const count = left === 0 ? 'nothing is' : left === 1 ? '1 object is' : `${left} objects are`
    const then = isComing ? 'there then' : 'left'
    return [
      `  ${path}: ${count} ${then}`,
      ...objects.map(object => `    - ${shownIdentity(object)}`),
    ]
  })
  return [[...title.split('\n').map(line => wrap(line, columns)), ...lines].join('\n')]
}

const patches = ({ patches }: PlanReport): readonly string[] =>
  patches.map(({ file, key, line, action }) =>
    action === 'edited'
      ? `edited too: ${file}:${line} (${key}), which cannot be built without the cluster`
      : `matches nothing any more: ${file}:${line} (${key}); delete it when the cluster stays away`,
  )

const companions = ({ companions }: PlanReport): readonly string[] =>
  companions
    .filter(({ leaves }) => !leaves)
    .map(
      ({ object, file, line, removable }) =>
        `stays: ${shownIdentity(object)} (${file}:${line})${removable ? '' : ', in an item with other objects'}`,
    )

/** The other way, where there is one. */
const whole = ({ whole }: PlanReport): readonly string[] =>
  whole === null
    ? []
    : [
        `or all of it: --with-companions takes out ${whole.entry} (${whole.file}:${whole.line}), and with it ${whole.objects.map(shownIdentity).join(', ')}`,
      ]

const outcome = ({ written, removed, commits }: PlanReport): readonly string[] => {
  if (written.length === 0) return []
  const edited = written.filter(file => !removed.includes(file))
  const made = commits.map(sha => sha.slice(0, 12)).join(', ')
  return [
    ...(removed.length > 0 ? [`removed ${removed.join(', ')}`] : []),
    ...(commits.length > 0 ? [`committed ${made}: ${written.join(', ')}`] : []),
    ...(commits.length === 0 && edited.length > 0 ? [`edited ${edited.join(', ')}`] : []),
  ]
}

/** Breaks a line between words; what follows is indented. */
const wrap = (line: string, columns: number): string => {
  const lines: string[] = []
  let current = ''
  for (const word of line.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`
    if (longer.length <= columns || current.trim() === '') current = longer
    else {
      lines.push(current)
      current = `  ${word}`
    }
  }
  return [...lines, current].join('\n')
}
