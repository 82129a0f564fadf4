import '../../../src/operations/intake/answers/ask-about-seed.ts'
import t from 'tap'
import { answerPlan } from '../../../src/operations/intake/answers/answer-plan.ts'
import { imageAskedFor } from '../../../src/operations/intake/answers/image-asked-for.ts'
import { takeIn } from '../../../src/operations/intake/take-in.ts'
import { fetchBase } from '../../../src/operations/read-base.ts'
import {
  configuration,
  fakeWorld,
  image,
  openPullRequest,
  requestFile,
} from '../../support/fake-world.ts'

const from = {
  ...{ key: '#7/comment/1/0', pullRequest: 7, sender: 'alice' },
  permission: 'write',
} as const

t.test('a plan answers with the edit and its proof, and changes nothing', async t => {
  const world = fakeWorld()
  const headSha = openPullRequest(world, 7)
  const [answer] = await takeIn(world.start(), {
    ...{ kind: 'comment', key: '#7/comment/1', pullRequest: 7, commentId: 1 },
    ...{ sender: 'alice', body: '/seed plan sno1' },
  })
  t.match(answer, { code: null, text: new RegExp(`sno1, on top of ${headSha.slice(0, 12)}`) })
  t.match(answer?.markdown, /exactly this cluster leaves the render/)
  t.match(answer?.markdown, /<summary>The edit<\/summary>[^]*diff --git a\/clusters\/kustomization/)
  t.strictSame([world.acts, world.runs.size], [[], 0])
  t.equal(world.repository.branches.get('seed-7'), headSha)
})

t.test('a plan is refused as the run would be, and to who may not ask', async t => {
  const world = fakeWorld()
  openPullRequest(world, 7)
  const outsider = { ...from, permission: 'triage' } as const
  await t.rejects(answerPlan(world.start(), outsider, 'sno1'), { code: 'PERMISSION_DENIED' })
  await t.rejects(answerPlan(world.start(), from, 'prod1'), { code: 'NOT_A_SEED' })
  const path = 'clusters/kustomization.yaml'
  world.repository.write('main', 'Out', [{ path, content: 'resources:\n  - sno2.yaml\n' }])
  world.repository.write('seed-7', 'Out', [{ path, content: 'resources:\n  - sno2.yaml\n' }])
  await t.rejects(answerPlan(world.start(), from, 'sno1'), { name: 'RefusedError' })
})

t.test('the image is that of the request file, else of the template', async t => {
  const world = fakeWorld()
  const file = requestFile('sno2').replace(/image: .*/, 'image: other.example.com/own:1')
  const headSha = openPullRequest(world, 7, { files: { 'seeds/sno2/request.yaml': file } })
  const context = world.start()
  const places = async () => ({
    base: await fetchBase(context),
    head: await world.ports.repository.checkout(headSha),
  })
  t.equal(await imageAskedFor(context, { ...(await places()), cluster: 'sno1' }), image)
  const own = { ...(await places()), cluster: 'sno2' }
  t.equal(await imageAskedFor(context, own), 'other.example.com/own:1')
  const content = configuration.replace(/^image: .*\n/m, '')
  world.repository.write('main', 'No template', [{ path: 'sower.yaml', content }])
  await t.rejects(imageAskedFor(context, { ...(await places()), cluster: 'sno1' }), {
    code: 'IMAGE_INVALID',
  })
})
