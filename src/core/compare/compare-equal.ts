import type { Compared } from './compared.ts'
import type { EqualRow } from './rows/equal-row.ts'
import { factOf, gitIsSilent, type Fact, type Side } from './side.ts'
import type { Value } from './value.ts'

/** Compares a target with the seed by an "equal" row; the seed's part is known already. */
export const compareEqual = (row: EqualRow, seed: Fact<Value>, side: Side): Compared => {
  const target = factOf(row, side)
  const about = {
    ...{ id: row.id, level: row.level, extraManifests: [] },
    seed: seed.isKnown ? seed.value : null,
    target: target.isKnown ? target.value : null,
  }
  if (!seed.isKnown || !target.isKnown) {
    const open = [...(seed.isKnown ? [] : [seed]), ...(target.isKnown ? [] : [target])]
    return {
      ...about,
      ...{ status: 'unknown', agent: null },
      reason: reasonOf(open),
      fix: sentence(open.map(({ fix }) => fix)),
    }
  }
  const { ok, reason, level = row.level, agent = null } = row.judge(seed.value, target.value)
  return {
    ...about,
    ...{ level, reason, agent },
    status: ok ? 'pass' : 'fail',
    fix: ok ? '' : row.fix,
  }
}

/** Why there is no answer; short where neither side was asked, which is the usual reason. */
export const reasonOf = (open: readonly Readonly<{ reason: string }>[]): string => {
  const reasons = [...new Set(open.map(({ reason }) => reason))]
  return reasons.length === 2 && reasons.every(reason => reason.startsWith(gitIsSilent))
    ? `${gitIsSilent}, and neither the seed nor the target was asked`
    : reasons.join('; ')
}

const sentence = (parts: readonly string[]): string =>
  [...new Set(parts)].filter(part => part !== '').join('; ')
