import t from 'tap'
import { cleanRun } from '../../../src/core/run/clean-run.ts'
import { newRun } from '../../../src/core/run/run.ts'

t.test('a run keeps no registered value of what others said', t => {
  const clean = (text: string): string => text.replaceAll('canary', '…')
  const run = newRun(
    {
      ...{ key: 'k', cluster: 'sno1', image: 'i', repository: 'r', pullRequest: 7 },
      ...{ by: 'a', headSha: 'h' },
    },
    '2026-01-01T00:00:00Z',
  )
  const blocked = {
    code: 'GIT_FAILED',
    reason: 'a canary',
    fix: 'no canary',
    since: run.since,
  } as const
  const told = { ...run, blocked, facts: { ...run.facts, lastMessage: 'canary' } }
  t.strictSame(cleanRun(told, clean), {
    ...{ ...run, blocked: { ...blocked, reason: 'a …', fix: 'no …' } },
    facts: { ...run.facts, lastMessage: '…' },
  })
  t.strictSame(cleanRun(run, clean), run)
  t.end()
})
