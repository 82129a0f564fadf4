import t from 'tap'
import type { Query } from '../../../src/core/preflight/query.ts'
import { present, unknown } from '../../../src/core/seen.ts'
import { askQueries } from '../../../src/operations/preflight/ask-queries.ts'
import type { Cluster } from '../../../src/operations/ports/cluster.ts'
import { fakeCluster } from '../../support/fake-cluster.ts'

const nodes: Query = { on: 'seed', group: '', version: 'v1', resource: 'nodes', kind: 'Node' }
const summary: Query = {
  ...nodes,
  ...{ resource: 'nodes/proxy', kind: 'NodeSummary', name: '{node}', path: 'stats/summary' },
}
const all: Query = {
  ...{ on: 'hub', group: '', version: 'v1', resource: 'secrets', kind: 'Secret' },
  namespace: '{cluster}',
}
const secret: Query = { ...all, name: 'a' }
const base64 = (text: string): string => Buffer.from(text).toString('base64')

const askWith = async (
  queries: readonly Query[],
  { hub, seed }: Readonly<{ hub: Partial<Cluster>; seed: Partial<Cluster> }>,
) => {
  const asked: string[] = []
  const concealed: string[] = []
  const [hubCluster, seedCluster] = [fakeCluster().port, fakeCluster().port]
  const noted = (of: Cluster): Cluster => ({
    ...of,
    read: async key => {
      asked.push(`${key.kind} ${key.namespace ?? ''}/${key.name}`)
      return of.read(key)
    },
    list: async key => {
      asked.push(`${key.kind} ${key.namespace ?? '*'}`)
      return of.list(key)
    },
  })
  const answers = await askQueries(
    {
      hub: present(noted({ ...hubCluster, ...hub })),
      seed: present(noted({ ...seedCluster, ...seed })),
      names: { '{cluster}': 'sno1' },
      conceal: value => {
        concealed.push(value)
      },
    },
    queries,
  )
  return { answers, asked, concealed }
}

t.test('each read happens once, whatever needs it', async t => {
  const seed = fakeCluster()
  seed.add({ kind: 'Node', metadata: { name: 'node-1', uid: '' } })
  seed.add({ kind: 'NodeSummary', metadata: { name: 'node-1', uid: '' }, status: { node: 1 } })
  const { answers, asked } = await askWith([nodes, nodes, summary], { hub: {}, seed: seed.port })
  t.strictSame(asked, ['Node *'])
  t.match(answers(nodes), { seen: 'present', value: [{ metadata: { name: 'node-1' } }] })
  t.match(answers(summary), { seen: 'present', value: [{ status: { node: 1 } }] })
  t.strictSame(answers(secret), unknown('not-asked'), 'what nobody has asked for')
})

t.test('a name that no other read brings is a read of nothing', async t => {
  const { answers, asked } = await askWith([summary], { hub: {}, seed: {} })
  t.strictSame(answers(summary), present([]))
  t.strictSame(asked, ['Node *'])
  const silent = await askWith([summary], {
    hub: {},
    seed: { list: async () => unknown('timeout') },
  })
  t.strictSame(silent.answers(summary), unknown('timeout'))
})

t.test('a kind that need not be there is none where it is not served', async t => {
  const seed = { list: async () => unknown('not-served') }
  const optional: Query = { ...nodes, resource: 'others', optional: true }
  const { answers } = await askWith([nodes, optional], { hub: {}, seed })
  t.strictSame(answers(nodes), unknown('not-served'))
  t.strictSame(answers(optional), present([]))
})

t.test('what nobody has access to is not asked', async t => {
  for (const seed of [unknown('unreachable'), { seen: 'absent' }] as const) {
    const answers = await askQueries(
      { hub: present(fakeCluster().port), seed, names: {}, conceal: () => undefined },
      [nodes],
    )
    t.strictSame(answers(nodes), seed.seen === 'unknown' ? seed : unknown('not-asked'))
  }
})

t.test('values of Secrets are registered, and those of a list are not kept', async t => {
  const hub = fakeCluster()
  const auths = { auths: { 'registry.example.com': { auth: base64('robot:secret-word') } } }
  const data = { '.dockerconfigjson': base64(JSON.stringify(auths)) }
  hub.add({ kind: 'Secret', metadata: { name: 'a', uid: '' }, data }, 'sno1')
  const { answers, concealed } = await askWith([secret, all], { hub: hub.port, seed: {} })
  t.match(answers(secret), { value: [{ data }] })
  t.match(answers(all), { value: [{ metadata: { name: 'a' }, data: {} }] })
  t.ok(concealed.some(value => value.includes('secret-word')))
  t.ok(concealed.includes(data['.dockerconfigjson']))
})
