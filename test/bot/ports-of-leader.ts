import t from 'tap'
import { leadAlone } from '../../src/bot/hub/lead-alone.ts'
import { portsOfLeader } from '../../src/bot/ports-of-leader.ts'
import { present } from '../../src/core/seen.ts'
import type { Ports } from '../../src/operations/ports/ports.ts'
import { fakeWorld, openPullRequest } from '../support/fake-world.ts'

t.test('a bot that leads no more changes nothing anywhere, and still reads', async t => {
  const world = fakeWorld()
  const headSha = openPullRequest(world, 7)
  const leads = { now: true }
  const told: string[] = []
  const tell = async (): Promise<void> => void told.push('told')
  const of: Ports = {
    ...world.ports,
    leadership: { ...leadAlone, holds: () => leads.now },
    argocd: { may: async () => present(true), syncWithPrune: tell },
    forge: {
      ...world.ports.forge,
      upsertComment: async () => {
        await tell()
        return 'made'
      },
      ...{ setStatus: tell, react: tell },
    },
    repository: { ...world.ports.repository, push: tell },
    pulls: {
      open: async () => [],
      create: async ({ branch }) => {
        await tell()
        return { number: 1, branch, url: '', labels: [] }
      },
      merge: async () => {
        await tell()
        return null
      },
    },
  }
  for (const cluster of ['create', 'putSecret', 'annotate', 'remove'])
    for (const side of ['hub', 'seed']) world.faults.set(`${side}.${cluster}`, tell)
  const ports = portsOfLeader(of)
  const { forge, repository, hub, argocd } = ports
  const seed = ports.connect('')
  const key = { apiVersion: 'v1', kind: 'Secret', name: 'a', namespace: 'b' }
  const manifest = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', namespace: 'b' } }
  const resource = { group: '', kind: 'Secret', name: 'a', namespace: 'b' }
  const writes: readonly (() => Promise<unknown>)[] = [
    () => forge.upsertComment({ pullRequest: 7, marker: 'm', body: 'a comment' }),
    () => forge.setStatus({ sha: 'a', state: 'success', description: 'a status' }),
    () => forge.react({ id: 1, content: 'eyes' }),
    () => repository.push(headSha, 'main'),
    async () => {
      await ports.pulls.create({ title: '', body: '', branch: 'a', base: 'main' })
    },
    async () => {
      await ports.pulls.merge({ number: 1, head: 'a' })
    },
    async () => argocd?.syncWithPrune({ application: 'a', namespace: 'b', resource }),
    ...[hub, seed].flatMap(cluster => [
      () => cluster.create(manifest),
      () => cluster.putSecret(manifest),
      () => cluster.annotate(key, {}),
      () => cluster.remove(key),
    ]),
  ]
  for (const write of writes) await write()
  t.equal(told.length, writes.length)
  leads.now = false
  for (const write of writes) await t.rejects(write(), { code: 'LEADERSHIP_LOST', exitCode: 75 })
  t.equal(told.length, writes.length)
  t.match(await forge.pullRequest(7), { seen: 'present' })
  t.match(await hub.read({ ...key, kind: 'Application', name: 'c' }), { seen: 'absent' })
  t.equal(portsOfLeader(world.ports).argocd, null)
})
