import t from 'tap'
import { UnavailableError } from '../../../src/errors.ts'
import { describeLeaving } from '../../../src/operations/change/describe-leaving.ts'
import { fakeWorld, openPullRequest } from '../../support/fake-world.ts'

const list = (entry: string) => ({ 'clusters/kustomization.yaml': `resources:\n  - ${entry}\n` })

/** #8, which takes out a cluster by hand. */
const start = (files: Readonly<Record<string, string>>) => {
  const world = fakeWorld()
  const headSha = openPullRequest(world, 8, { files })
  return { world, change: { number: 8, branch: 'seed-8', headSha, isFork: false } }
}

t.test('shows the proof on the merge, and all that a run would ask', async t => {
  const { world, change } = start(list('sno2.yaml'))
  const before = world.hub.created.length
  const found = await describeLeaving(world.start(), { change, cluster: 'sno1' })
  t.match(found, { cluster: 'sno1', missing: null, proof: { refusal: null } })
  const places = new Set(found.checks.map(({ id }) => id.split('.')[0]))
  for (const place of ['argocd', 'git', 'hub', 'registry', 'seed']) t.ok(places.has(place), place)
  t.strictSame([world.hub.created.length, world.runs.size], [before, 0], 'nothing is written')
})

t.test('says why something is missing, and shows what there is', async t => {
  const { world, change } = start(list('sno2.yaml'))
  const sower = world.repository.text('main', 'sower.yaml') ?? ''
  world.repository.write('main', 'No template', [
    { path: 'sower.yaml', content: sower.replace(/^image: .*\n/m, '') },
  ])
  const found = await describeLeaving(world.start(), { change, cluster: 'sno1' })
  t.match(found, { proof: { refusal: null }, checks: [], missing: /^[A-Z_]+: / })
  world.faults.set('repository.merge', () => {
    throw new UnavailableError('GIT_FAILED', 'no answer')
  })
  t.strictSame(await describeLeaving(world.start(), { change, cluster: 'sno1' }), {
    ...{ cluster: 'sno1', proof: null, checks: [], missing: 'GIT_FAILED: no answer' },
  })
  world.faults.set('repository.merge', () => {
    throw new TypeError('a bug')
  })
  await t.rejects(describeLeaving(world.start(), { change, cluster: 'sno1' }), TypeError)
})

t.test('asks nothing of a cluster that is no seed, and shows its proof', async t => {
  const { world, change } = start(list('sno1.yaml'))
  const sower = world.repository.text('main', 'sower.yaml') ?? ''
  world.repository.write('main', 'One seed', [
    { path: 'sower.yaml', content: sower.replace('[sno1, sno2]', '[sno1]') },
  ])
  let asked = 0
  world.faults.set('seed.read', () => void (asked += 1))
  const found = await describeLeaving(world.start(), { change, cluster: 'sno2' })
  t.match(found, { proof: { refusal: null }, checks: [], missing: /^NOT_A_SEED: / })
  t.equal(asked, 0)
})
