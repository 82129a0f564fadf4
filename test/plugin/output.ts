import t from 'tap'
import { clusterInstance, listing } from '../support/memory-tree.ts'
import { pluginRepository } from '../support/plugin/plugin-repository.ts'

const site = 'clusters/site-a'

t.test('what it says holds no value, no stack and nothing that a terminal obeys', async t => {
  const separated = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'seedgen', annotations: { note: 'b\n\u2028password: canary\n.' } },
    stringData: { seedAuth: 'canary' },
  })
  const cases: readonly (readonly [string, Record<string, string>])[] = [
    ['resources: [a.yaml]\n', { 'a.yaml': separated }],
    ['resources: [a.yaml]\n', { 'a.yaml': separated.replace('seedgen', 'bmc') }],
    ['patches: [{patch: "seedAuth: canary"}]\n', {}],
    ['secretGenerator: [{name: a, files: ["seedAuth=canary=x"]}]\n', {}],
    ['secretGenerator: [{name: a, files: ["seedAuth=canary"]}]\n', {}],
    ['resources: ["https://user:pa@canary@example.invalid/x"]\n', {}],
    ['resources: ["git@user:canary@example.invalid/x.git"]\n', {}],
    ['resources: ["https://example.invalid/x?token=canary"]\n', {}],
    [
      'resources: []\n',
      { 'sower-inventory.yaml': 'kind: Inventory\nclusters: ["\\e[31msno9\\u202e"]\n' },
    ],
    [
      'resources: [a.yaml, b.yaml]\n',
      {
        'a.yaml': clusterInstance('sno1', '"\\e[31ma"'),
        'b.yaml': clusterInstance('sno1', '"b\\u202e"'),
      },
    ],
  ]
  for (const [kustomization, files] of cases) {
    const run = await pluginRepository(
      t,
      Object.fromEntries(
        Object.entries({ 'kustomization.yaml': kustomization, ...files }).map(([path, text]) => [
          `${site}/${path}`,
          text,
        ]),
      ),
    )
    const answer = await run({ path: site })
    t.match(
      answer,
      { exitCode: 3, stdout: '', reason: /^sower: .*; .* \[[A-Z_]+\]$/ },
      kustomization,
    )
    t.notMatch(answer.stderr, /canary|\n {4}at |[^\P{Cc}\n]|\p{Cf}/u, kustomization)
  }
})

t.test('many findings are told in a few lines, and their sources looked up once', async t => {
  const names = Array.from({ length: 300 }, (_, index) => `sno${index}`)
  const run = await pluginRepository(t, {
    [`${site}/kustomization.yaml`]: listing('all.yaml'),
    [`${site}/all.yaml`]: names
      .flatMap(name => [clusterInstance(name), clusterInstance(name, `${name}-b`)])
      .join('---\n'),
  })
  const answer = await run({ path: site })
  t.match(answer, {
    exitCode: 3,
    reason: /^sower: duplicate-cluster: ClusterInstance sno0\/sno0 in /,
  })
  t.equal(answer.stderr.split('\n').length, 23)
  t.match(answer.stderr, /^sower: and 279 more$/m)
})
