import t from 'tap'
import {
  checkBeforeDetach,
  imageBeforeDetach,
} from '../../../src/operations/preflight/check-before-detach.ts'
import { fetchBase } from '../../../src/operations/read-base.ts'
import type { Context } from '../../../src/operations/context.ts'
import { configuration, fakeWorld, image } from '../../support/fake-world.ts'

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

t.test('compares the way of the seed to the registry with its own', async t => {
  const world = fakeWorld()
  const content = `${configuration}recertImage: r.io/recert:1\n`
  world.repository.write('main', 'Configure', [{ path: 'sower.yaml', content }])
  const mirrors = [{ source: 'quay.io', mirrors: ['m.io'] }]
  world.seed.add({
    ...{ kind: 'ImageTagMirrorSet', metadata: { name: 'm', uid: '' } },
    spec: { imageTagMirrors: mirrors },
  })
  const started = world.start()
  const way = async () => ({ authority: 'PEM', proxy: 'p:3128' })
  const registry = { ...started.ports.registry, way }
  const context = { ...started, ports: { ...started.ports, registry } }
  const base = await fetchBase(context)
  const failing = async (of: Context, asked: string): Promise<readonly string[]> =>
    (await checkBeforeDetach(of, { base, cluster: 'sno1', image: asked }))
      .filter(({ id, status }) => /^seed\.(?:registry|recert)/.test(id) && status === 'fail')
      .map(({ id, reason }) => `${id}: ${reason}`)
  t.match(await failing(context, image), [
    /^seed.registry-trusted: Sower has an authority/,
    'seed.registry-way: Sower asks registry.example.com by p:3128, and the seed without a proxy',
    'seed.recert-mirrored: the seed has mirrors, and none for r.io/recert:1 by its tag',
  ])
  t.match(await failing(started, image), [/^seed.recert-mirrored/], 'nothing is known of its own')
})
