import t from 'tap'
import { answerPreflight } from '../../../src/operations/intake/answers/answer-preflight.ts'
import { requestsIn } from '../../../src/operations/intake/requests-in.ts'
import { takeIn } from '../../../src/operations/intake/take-in.ts'
import { fetchBase } from '../../../src/operations/read-base.ts'
import {
  configuration,
  fakeWorld,
  openPullRequest,
  requestFile,
  type FakeWorld,
} from '../../support/fake-world.ts'

const from = {
  ...{ key: '#7/comment/1/0', pullRequest: 7, sender: 'alice' },
  permission: 'write',
} as const
const said = (world: FakeWorld, body: string) =>
  takeIn(world.start(), {
    ...{ kind: 'comment', key: '#7/comment/1', pullRequest: 7, commentId: 1 },
    ...{ sender: 'alice', body },
  })

t.test('a preflight answers with every check, and changes nothing', async t => {
  const world = fakeWorld()
  openPullRequest(world, 7)
  const [answer] = await said(world, '/seed preflight sno1')
  t.match(answer, { code: null, text: /^sno1 is .*ready.*Nothing was changed\.$/ })
  const ids = answer?.checks?.map(({ id }) => id) ?? []
  t.ok(ids.includes('hub.managed-cluster-available') && ids.includes('registry.push'))
  t.notOk(ids.includes('git.no-seed-object'), 'nothing that only a pull request can bring')
  t.strictSame(world.acts, [])
  t.equal(world.runs.size, 0)
})

t.test('a preflight says what blocks', async t => {
  const world = fakeWorld()
  openPullRequest(world, 7)
  world.hub.drop('ManagedCluster')
  const answer = await answerPreflight(world.start(), from, 'sno1')
  t.match(answer?.text, /^sno1 is not ready/)
  t.match(
    answer?.checks?.filter(({ id }) => id === 'hub.managed-cluster-available'),
    [{ status: 'fail' }],
  )
})

t.test('a preflight asks for the image of the pull request, else of the template', async t => {
  const world = fakeWorld()
  const file = requestFile('sno1').replace(/image: .*/, 'image: other.example.com/own:1')
  const headSha = openPullRequest(world, 7, { files: { 'seeds/sno1/request.yaml': file } })
  const context = world.start()
  const base = await fetchBase(context)
  const head = await world.ports.repository.checkout(headSha)
  t.strictSame(requestsIn(head, base), [{ cluster: 'sno1', image: 'other.example.com/own:1' }])
  t.strictSame(requestsIn(base.checkout, base), [])
  const answer = await answerPreflight(context, from, 'sno1')
  t.match(
    answer?.checks?.filter(({ id }) => id === 'secret.authfile'),
    [{ status: 'fail', reason: /other\.example\.com/ }],
  )
  const content = configuration.replace(/^image: .*\n/m, '')
  world.repository.write('main', 'No template', [{ path: 'sower.yaml', content }])
  openPullRequest(world, 8)
  await t.rejects(answerPreflight(world.start(), { ...from, pullRequest: 8 }, 'sno1'), {
    code: 'IMAGE_INVALID',
  })
})

t.test('a preflight is for those who may write, and for seeds alone', async t => {
  const world = fakeWorld()
  openPullRequest(world, 7)
  const outsider = { ...from, permission: 'read' } as const
  await t.rejects(answerPreflight(world.start(), outsider, 'sno1'), { code: 'PERMISSION_DENIED' })
  await t.rejects(answerPreflight(world.start(), from, 'prod1'), { code: 'NOT_A_SEED' })
  t.strictSame(world.acts, [])
})
