import { describeRight, rightWithRole, type Right } from '../../right.ts'
import type { Check } from '../check.ts'
import type { AskedRight } from '../facts.ts'
import { answer, unanswered } from '../judge.ts'
import { customRow, type Row } from '../row.ts'

const judgeRights = (
  { id, level, fix }: Readonly<{ id: string; level: Check['level']; fix: string }>,
  asked: readonly AskedRight[],
  describe: (right: Right) => string,
): Check => {
  const missing = asked.filter(({ allowed }) => allowed.seen === 'present' && !allowed.value)
  const [silent] = asked.flatMap(({ allowed }) => (allowed.seen === 'unknown' ? [allowed.why] : []))
  if (missing.length === 0 && (silent !== undefined || asked.length === 0))
    return unanswered(id, level, silent ?? 'not-asked')
  return answer(id, level, {
    ok: missing.length === 0,
    reason:
      missing.length === 0
        ? `all ${asked.length} are there`
        : `not allowed to ${missing.map(({ right }) => describe(right)).join(', ')}`,
    fix,
  })
}

const hub = { id: 'hub.rights', level: 'block' } as const
const seed = { id: 'seed.rights', level: 'block' } as const
const ask = 'kubernetes SelfSubjectAccessReview'

/** The checks of what Sower may do: every right that a run needs after the merge is asked for before it. */
export const rightsRows: readonly Row[] = [
  customRow({
    ...hub,
    passes: 'the bot has every right on the hub that it needs after the merge',
    reads: [],
    source: ['sower', ask],
    check: (_answers, { rights }) =>
      judgeRights(
        {
          ...hub,
          fix: 'give the user of the bot these rights: the roles of manifests/base and of your overlay hold them; after the merge the run would stand still without them',
        },
        rights.hub,
        rightWithRole,
      ),
  }),
  customRow({
    ...seed,
    passes: 'the admin kubeconfig has every right on the seed that Sower needs after the merge',
    reads: [],
    source: ['sower', ask],
    check: (_answers, { rights }) =>
      judgeRights(
        { ...seed, fix: 'take the admin kubeconfig that the installer wrote' },
        rights.seed,
        describeRight,
      ),
  }),
]
