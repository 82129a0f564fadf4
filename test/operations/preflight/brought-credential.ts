import t from 'tap'
import { broughtCredential } from '../../../src/operations/preflight/brought-credential.ts'
import { fetchBase } from '../../../src/operations/read-base.ts'
import { fakeWorld, openPullRequest } from '../../support/fake-world.ts'
import { manifest, now } from '../../support/secret/sealed-scene.ts'

const path = 'seed-secret/sealedsecret.yaml'

t.test('a sealed credential counts where a head brings another than the base has', async t => {
  const world = fakeWorld()
  const content = manifest()
  const brings = async (files: Readonly<Record<string, string>>, image = 'quay.io/org/seed:1') => {
    const head = openPullRequest(world, 7, { files })
    const base = await fetchBase(world.start())
    return broughtCredential(base, await world.ports.repository.checkout(head), { image, now })
  }
  t.equal(await brings({ 'notes.md': 'x' }), null)
  t.strictSame(await brings({ [path]: content }), { reason: null })
  t.match(await brings({ [path]: content }, 'other.example.com/org/seed:1'), { reason: /cover/ })
  t.strictSame(await brings({ [path]: content }, 'no image'), { reason: null })
  world.repository.write('main', 'Seal it', [{ path, content }])
  t.equal(await brings({ [path]: content }), null)
})
