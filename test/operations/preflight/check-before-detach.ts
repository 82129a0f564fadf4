import t from 'tap'
import {
  checkBeforeDetach,
  imageBeforeDetach,
} from '../../../src/operations/preflight/check-before-detach.ts'
import { fetchBase } from '../../../src/operations/read-base.ts'
import { fakeWorld, image } from '../../support/fake-world.ts'

t.test('asks without a pull request, on the base alone', async t => {
  const world = fakeWorld()
  const context = world.start()
  const base = await fetchBase(context)
  const checks = await checkBeforeDetach(context, { base, cluster: 'sno1', image })
  t.match(
    checks.filter(({ id }) => id === 'git.proof'),
    [{ status: 'pass' }],
  )
  await t.rejects(checkBeforeDetach(context, { base, cluster: 'sno9', image }), {
    code: 'CLUSTER_NOT_FOUND',
  })
  t.strictSame(world.acts, [])
})

t.test('the image comes from the template, with a version where the seed tells it', async t => {
  const world = fakeWorld()
  const context = world.start()
  t.equal(await imageBeforeDetach(context, { image: undefined }, 'sno1'), null)
  t.equal(
    await imageBeforeDetach(context, { image: 'a.example.com/{cluster}:1' }, 'sno1'),
    'a.example.com/sno1:1',
  )
  const versioned = { image: 'a.example.com/{cluster}:{version}' }
  t.match(await imageBeforeDetach(context, versioned, 'sno1'), /^a\.example\.com\/sno1:4/)
  world.seed.drop('ClusterVersion')
  t.equal(await imageBeforeDetach(context, versioned, 'sno1'), 'a.example.com/sno1:unknown')
})
