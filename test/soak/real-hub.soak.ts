import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { seedRunDefinition } from '../../src/core/run/seed-run-definition.ts'
import { startBotInGroup } from '../support/bot/start-bot-in-group.ts'
import { startDemoHub } from '../support/bot/start-demo-hub.ts'
import { defineForeignKinds } from '../support/peers/define-foreign-kinds.ts'
import { manifestObjects } from '../support/peers/manifest-objects.ts'
import { mirrorHub } from '../support/peers/mirror-hub.ts'
import { withToken } from '../support/peers/peer.ts'
import { at, inNamespace, peerScene, type Body } from '../support/peers/peer-scene.ts'
import { skipped, startRealPeer } from '../support/peers/real-peer.ts'
import { compareRights } from '../support/sandbox/compare-rights.ts'

const cluster = 'seed-sno5'
type Statuses = { statuses: { context: string; state: string }[] }

const until = async (what: string, condition: () => boolean | Promise<boolean>): Promise<void> => {
  const end = Date.now() + 480_000
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`)
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}

t.test(
  'a bot with the rights of the manifests keeps a whole run in a real API server',
  { skip: skipped },
  async t => {
    const hub = await startDemoHub(t, cluster, { tell: () => undefined, onPush: () => undefined })
    const { sandbox, person, secrets } = hub
    const peer = await startRealPeer(t)
    const scene = await peerScene(peer)
    await scene.define(seedRunDefinition())
    await defineForeignKinds(t, scene)
    const mirror = await mirrorHub(t, sandbox.hub, scene)
    await mirror.settled()
    t.strictSame(mirror.refused, [], 'the API took all that the world made')
    if (mirror.refused.length > 0) return
    const rbac = '/apis/rbac.authorization.k8s.io/v1'
    for (const object of await manifestObjects('overlays/example')) {
      const { kind, metadata } = object
      const where = metadata.namespace === undefined ? '' : `namespaces/${metadata.namespace}/`
      if (kind === 'ServiceAccount') await scene.make(`/api/v1/${where}serviceaccounts`, object)
      if (/^(?:Cluster)?Role(?:Binding)?$/.test(kind))
        await scene.make(`${rbac}/${where}${kind.toLowerCase()}s`, object)
    }
    const token = await peer.tokenOf('sower', 'sower')
    const kubeconfig = join(secrets, 'real.kubeconfig')
    writeFileSync(kubeconfig, withToken(await peer.kubeconfig('admin'), token))
    writeFileSync(join(secrets, 'admin.kubeconfig'), await peer.kubeconfig('admin'))
    t.comment(`KUBECONFIG=${join(secrets, 'admin.kubeconfig')}`)
    const words = await hub.wordsFor('bot-data')
    const bot = startBotInGroup(
      words.map((word, index) => (words[index - 1] === '--kubeconfig' ? kubeconfig : word)),
    )
    t.teardown(async () => {
      bot.signalBot('SIGTERM')
      await bot.ended
    })

    await person.push({
      branch: `seed/${cluster}`,
      message: `Seed image of ${cluster}`,
      files: { [`seeds/${cluster}/README.md`]: `# ${cluster}\n` },
    })
    const { number } = (await person.call('POST', '/pulls', {
      ...{ title: `Seed image of ${cluster}`, head: `seed/${cluster}`, base: 'main' },
    })) as { number: number }
    await person.call('POST', `/issues/${number}/comments`, { body: `/seed detach ${cluster}` })
    await until('the check to be green', async () => {
      const { head } = (await person.call('GET', `/pulls/${number}`)) as { head: { sha: string } }
      const { statuses } = (await person.call('GET', `/commits/${head.sha}/status`)) as Statuses
      return statuses.some(({ context, state }) => context === 'sower' && state === 'success')
    })
    await person.call('PUT', `/pulls/${number}/merge`, { merge_method: 'merge' })
    const path = `${inNamespace('sower.dev/v1alpha1', 'sower', 'seedruns')}/${cluster}`
    const ended = ['Completed', 'Failed', 'Cancelled']
    await until('the end of the run', async () =>
      ended.includes(String(at((await scene.admin(path)).body, 'status', 'phase'))),
    )
    const { body: run } = await scene.admin(path)
    t.equal(at(run, 'status', 'phase'), 'Completed')
    const entered = at(run, 'status', 'facts', 'times') as Body
    t.strictSame(Object.keys(entered).sort(), [
      ...['CleaningUp', 'Delivering', 'Detached', 'Detaching'],
      ...['Generating', 'Proposed', 'Requested', 'Verifying'],
    ])
    const { body: events } = await scene.admin(inNamespace('events.k8s.io/v1', 'sower', 'events'))
    t.comment((events['items'] as Body[]).map(({ reason }) => String(reason)).join(', '))
    t.ok((events['items'] as Body[]).length >= 8)

    const asked = peer.requests()
    const rights = compareRights({ hub: sandbox.hub, hubRequests: asked }, cluster)
    t.strictSame(rights.denied, [], 'the manifests give every right that the bot used')
    t.comment(`not used: ${rights.unused.join(', ')}`)
    const ofBot = asked.filter(({ user }) => user === 'system:serviceaccount:sower:sower')
    const codes = new Map<number, number>()
    for (const { status } of ofBot) codes.set(status, (codes.get(status) ?? 0) + 1)
    t.comment(
      `calls of the bot: ${[...codes].map(([code, count]) => `${count} × ${code}`).join(', ')}`,
    )
    t.ok(ofBot.length > 50)
    t.strictSame(mirror.refused, [], 'the API took all that the world made')
    t.notOk(
      sandbox.hubRequests.some(({ user }) => user.startsWith('system:serviceaccount:')),
      'the bot asked no other hub',
    )
  },
)
