import t from 'tap'
import { answerCompare } from '../../../src/operations/intake/answers/answer-compare.ts'
import { takeIn } from '../../../src/operations/intake/take-in.ts'
import { fakeWorld, openPullRequest } from '../../support/fake-world.ts'

const from = {
  ...{ key: '#7/comment/1/0', pullRequest: 7, sender: 'alice' },
  permission: 'write',
} as const

t.test('a comparison answers with what Git says of the targets, and changes nothing', async t => {
  const world = fakeWorld()
  openPullRequest(world, 7)
  const [answer] = await takeIn(world.start(), {
    ...{ kind: 'comment', key: '#7/comment/1', pullRequest: 7, commentId: 1 },
    ...{ sender: 'alice', body: '/seed compare sno1' },
  })
  t.match(answer, {
    ...{ code: null, text: /^sno1 against .*Nothing was changed\.$/ },
    markdown: /^\*\*`sno1` against \d+ target/,
  })
  t.strictSame(world.acts, [])
  t.equal(world.runs.size, 0)
})

t.test('what is no seed is not compared', async t => {
  const world = fakeWorld()
  openPullRequest(world, 7)
  await t.rejects(answerCompare(world.start(), from, 'production'), { code: 'NOT_A_SEED' })
})
