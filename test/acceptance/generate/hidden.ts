import { once } from 'node:events'
import { createServer } from 'node:http'
import t from 'tap'
import { parse } from 'yaml'
import { clusterInstance, listing } from '../../support/memory-tree.ts'
import { pluginRepository } from '../../support/plugin/plugin-repository.ts'

const site = 'clusters/site-a'
const one = {
  [`${site}/kustomization.yaml`]: listing('one.yaml'),
  [`${site}/one.yaml`]: clusterInstance('sno1'),
}

t.test('a list hides nothing, whatever it is called and wherever it was made', async t => {
  const toList = (items: unknown, kind = 'List'): string =>
    `  - target: {kind: ConfigMap}\n    options: {allowKindChange: true}\n    patch: '${JSON.stringify(
      [
        { op: 'replace', path: '/kind', value: kind },
        { op: 'add', path: '/items', value: items },
      ],
    )}'\n`
  const map = (kind = 'ConfigMap', more = ''): string =>
    `apiVersion: v1\nkind: ${kind}\nmetadata: {name: a}\n${more}`
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'seedgen' } }
  const cluster: unknown = parse(clusterInstance('sno1'))
  const judge = async (patch: string, file = map()) =>
    (
      await pluginRepository(t, {
        [`${site}/kustomization.yaml`]: `resources: [a.yaml]\npatches:\n${patch}`,
        [`${site}/a.yaml`]: file,
        'seeds/sno1/record.yaml': 'status: detached\n',
      })
    )({ path: site })
  for (const [reason, patch, file] of [
    [/^sower: explicit-empty: /, toList([])],
    [/^sower: seed-exclusive: ClusterInstance sno1\/sno1 in /, toList([cluster])],
    [/^sower: no-plain-secret: Secret seedgen in /, toList([secret], 'SecretList')],
    [/^sower: duplicate-cluster: /, toList([cluster, cluster], 'Other')],
    [/\[RENDER_LIST\]$/, toList([{ kind: 'List', items: [secret] }])],
    [/\[RENDER_LIST\]$/, '  []\n', `${clusterInstance('sno2')}items: []\n`],
    [/^sower: no-plain-secret: /, '  []\n', map('Other', `items: [${JSON.stringify(secret)}]\n`)],
  ] as const)
    t.match(await judge(patch, file), { exitCode: 3, stdout: '', reason }, patch)
  const harmless = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } }
  t.match(await judge(toList([harmless])), {
    exitCode: 0,
    stdout:
      'apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: b\nkind: List\nmetadata:\n  name: a\n',
    stderr: '',
  })
})

t.test('nothing is asked for that lies elsewhere, not even of this machine', async t => {
  const asked: (string | undefined)[] = []
  const server = createServer((request, response) => {
    asked.push(request.url)
    response.end(clusterInstance('sno1'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/a.yaml`
  for (const kustomization of [
    `resources: ["${url}"]\n`,
    `resources: [one.yaml]\npatches: [{path: "${url}"}]\n`,
    `resources: [one.yaml]\ntransformers: ["${url}"]\n`,
    `configMapGenerator: [{name: a, files: ["a=${url}"]}]\n`,
    `crds: ["${url}"]\nresources: [one.yaml]\n`,
  ]) {
    const run = await pluginRepository(t, { ...one, [`${site}/kustomization.yaml`]: kustomization })
    t.match(await run({ path: site }), {
      ...{ exitCode: 3, stdout: '', reason: /is fetched from elsewhere; .* \[ENTRY_REMOTE\]$/ },
    })
  }
  t.same(asked, [])
})
