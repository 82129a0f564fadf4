import t from 'tap'
import { createProjection } from '../../src/bot/projection.ts'
import { UnavailableError } from '../../src/errors.ts'
import type { Run } from '../../src/core/run/run.ts'
import type { Forge } from '../../src/operations/ports/forge.ts'
import { fakeWorld } from '../support/fake-world.ts'
import { aLook, aRun, blockedBy, head, merge } from '../support/run/run-scene.ts'

type Written = {
  comments: { marker: string; body: string }[]
  statuses: { sha: string; state: string }[]
}
const fakeForge = (fails: { comment?: number } = {}): Written & { forge: Forge } => {
  const written: Written = { comments: [], statuses: [] }
  return {
    ...written,
    forge: {
      ...fakeWorld().ports.forge,
      upsertComment: async ({ marker, body }) => {
        if (fails.comment) {
          fails.comment -= 1
          throw new UnavailableError('GITHUB_FAILED', 'writing the report: no answer')
        }
        const isThere = written.comments.some(comment => comment.marker === marker)
        written.comments.push({ marker, body })
        return isThere ? 'changed' : 'made'
      },
      setStatus: async ({ sha, state }) => {
        written.statuses.push({ sha, state })
      },
    },
  }
}
const lookAt = (phase: 'Requested' | 'Proposed') => ({
  observation: aLook(phase),
  branch: null,
  checks: [],
  secret: null,
  tree: null,
})
const clean = (text: string): string => text
const changed =
  (forge: Forge): Forge['upsertComment'] =>
  async comment => {
    await forge.upsertComment(comment)
    return 'changed'
  }
const noFailure = (run: string, error: unknown): void => {
  throw new Error(`${run}: ${String(error)}`)
}

t.test('writes a run once while it stays the same, always into the one comment', async t => {
  const { forge, comments, statuses } = fakeForge()
  const projection = createProjection(forge, noFailure)
  for (let looks = 0; looks < 3; looks += 1) {
    projection.show(aRun('Requested'), lookAt('Requested'))
    await projection.settled()
  }
  t.equal(comments.length, 1)
  t.strictSame(statuses, [{ sha: head, state: 'pending' }])
  projection.show(
    aRun('Requested', { blocked: blockedBy('PREFLIGHT_FAILED') }),
    lookAt('Requested'),
  )
  await projection.settled()
  projection.show(aRun('Detaching'), null)
  await projection.settled()
  const report = '<!-- sower:run sno1 -->'
  t.match(
    comments.map(({ marker }) => marker),
    [report, report, /^<!-- sower:waits sno1 [0-9a-f]{12} -->$/, report],
  )
  t.strictSame(statuses.slice(1), [
    { sha: head, state: 'failure' },
    { sha: merge, state: 'pending' },
  ])
})

t.test('calls a person once where one is needed, and once at the end', async t => {
  const { forge, comments } = fakeForge()
  const shown = async (projection: ReturnType<typeof createProjection>, run: Run) => {
    projection.show(run, null)
    await projection.settled()
    return comments.splice(0).map(({ marker }) => marker.replace(/ [0-9a-f]{12} /, ' '))
  }
  const report = '<!-- sower:run sno1 -->'
  const waits = '<!-- sower:waits sno1 -->'
  const bot = createProjection(forge, noFailure)
  const blocked = aRun('Requested', { blocked: blockedBy('PREFLIGHT_FAILED') })
  t.strictSame(await shown(bot, blocked), [report], 'of a new report GitHub tells anyway')
  const other = createProjection({ ...forge, upsertComment: changed(forge) }, noFailure, clean, 30)
  const later = aRun('Verifying', { blocked: blockedBy('IMAGE_NOT_PROVEN') })
  t.strictSame(await shown(other, later), [report, waits])
  const again = { ...later, facts: { ...later.facts, lastMessage: 'still' } }
  t.strictSame(await shown(other, again), [report], 'by the same once')
  t.strictSame(await shown(other, aRun('Verifying')), [report])
  const end = aRun('Failed', { outcome: 'Failed' })
  t.strictSame(await shown(bot, end), [report, '<!-- sower:ended sno1 -->'])
  t.strictSame(await shown(bot, end), [])
  const after = (hours: number) => () => new Date(Date.parse(end.since) + hours * 3_600_000)
  const upgraded = createProjection(forge, noFailure, clean, null, after(25))
  t.strictSame(await shown(upgraded, end), [report], 'an old end is no news')
  const restarted = createProjection(forge, noFailure, clean, null, after(1))
  t.strictSame(await shown(restarted, end), [report, '<!-- sower:ended sno1 -->'])
})

t.test('leaves out what is overtaken before it was written', async t => {
  const { forge, comments } = fakeForge()
  const projection = createProjection(forge, noFailure)
  for (const phase of ['Detaching', 'Detached', 'Delivering', 'Generating'] as const)
    projection.show(aRun(phase), null)
  await projection.settled()
  t.equal(comments.length, 2)
  t.match(comments.at(-1)?.body, /Generating/)
})

t.test(
  'goes on after a report that could not be written, and writes it with the next look',
  async t => {
    const { forge, comments } = fakeForge({ comment: 1 })
    const failures: string[] = []
    const projection = createProjection(forge, run => failures.push(run))
    projection.show(aRun('Detaching'), null)
    await projection.settled()
    t.strictSame([failures, comments], [['sno1'], []])
    projection.show(aRun('Detaching'), null)
    await projection.settled()
    t.equal(comments.length, 1)
  },
)

t.test('sets no status without a commit to set it on', async t => {
  const { forge, comments, statuses } = fakeForge()
  const projection = createProjection(forge, noFailure)
  projection.show(aRun('Requested'), null)
  await projection.settled()
  t.strictSame([comments.length, statuses], [1, []])
})

t.test('answers only what there is to say', async t => {
  const { forge, comments } = fakeForge()
  const projection = createProjection(forge, noFailure)
  await projection.answer(7, [null, null])
  t.strictSame(comments, [])
  await projection.answer(7, [
    null,
    { text: '<img> @everyone', code: null },
    { text: 'no', code: 'NOT_A_SEED' },
  ])
  t.equal(comments.length, 1)
  t.match(comments[0]?.body, /\*\*Refused\*\* \(`NOT_A_SEED`\)/)
  t.notMatch(comments[0]?.body, /<img>/)
})
