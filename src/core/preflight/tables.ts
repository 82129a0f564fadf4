import { argocdRows } from './argocd/argocd-rows.ts'
import type { Check } from './check.ts'
import type { Facts } from './facts.ts'
import { gitRows } from './git/git-rows.ts'
import { hubRows } from './hub/hub-rows.ts'
import { queryKey, type Answers, type Query } from './query.ts'
import { registryRows } from './registry/registry-rows.ts'
import { rightsRows } from './rights/rights-rows.ts'
import type { Row } from './row.ts'
import { seedRows } from './seed/seed-rows.ts'

/**
 * Every check of the preflight, by place. To add one, add a row to the table of its place (`<place>/<place>-rows.ts`, or
 * a table that it takes in): an id `<place>.<name>`, the queries as data, a pure `test`, the fix, and in `source` the ids
 * that it answers, which are then taken out of `notCheckable`. Then a fault in test/core/preflight/, and for a new read
 * on the hub the right in manifests/base/cluster-role.yaml; `npm run generated` writes docs/preflight.md.
 */
export const tables: readonly Row[] = [
  ...gitRows,
  ...hubRows,
  ...argocdRows,
  ...seedRows,
  ...rightsRows,
  ...registryRows,
]

/** The rows of one kind of run: of a cluster that is to be detached, or of one that is adopted as it is. */
export const rowsOf = (kind: 'detach' | 'adopt'): readonly Row[] =>
  tables.filter(({ runs = kind }) => runs === kind)

/** The queries of all rows, each object once. */
export const queriesOf = (rows: readonly Row[]): readonly Query[] => [
  ...new Map(rows.flatMap(({ reads }) => reads).map(query => [queryKey(query), query])).values(),
]

/** Judges every row. A command to run by hand names the cluster. */
export const judgeRows = (
  rows: readonly Row[],
  answers: Answers,
  facts: Facts,
): readonly Check[] => {
  const named = (text: string): string => text.replaceAll('{cluster}', facts.cluster)
  return rows
    .map(({ check }) => check(answers, facts))
    .map(check => ({ ...check, reason: named(check.reason), fix: named(check.fix) }))
}
