import t from 'tap'
import { createProjection } from '../../src/bot/projection.ts'
import { UnavailableError } from '../../src/errors.ts'
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
        written.comments.push({ marker, body })
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
  t.equal(comments.length, 3)
  t.equal(new Set(comments.map(({ marker }) => marker)).size, 1)
  t.strictSame(statuses.slice(1), [
    { sha: head, state: 'failure' },
    { sha: merge, state: 'pending' },
  ])
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
