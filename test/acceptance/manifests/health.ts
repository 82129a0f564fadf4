import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { LuaFactory } from 'wasmoon'
import { parse } from 'yaml'
import { home } from '../../support/run-sower.ts'

const read = (path: string): unknown =>
  parse(readFileSync(join(home, 'manifests', 'argocd', 'health', path), 'utf8'))
const { data } = read('configmap/argocd-cm.yaml') as { data: Record<string, string> }
const { data: hubWide } = read('hub-wide/argocd-cm.yaml') as { data: Record<string, string> }
const { spec } = read('openshift-gitops/argocd.yaml') as {
  spec: { resourceHealthChecks: { group: string; kind: string; check: string }[] }
}
const prefix = 'resource.customizations.health.'

const factory = new LuaFactory()

/** Runs a check as Argo CD does: the object is the global `obj`, and no library is there. */
const healthOf = async (check: string, object: object): Promise<unknown> => {
  const lua = await factory.createEngine({ openStandardLibs: false })
  try {
    // `ipairs` is part of the base library, which Argo CD opens.
    await lua.doString(
      'function ipairs(list) local n = 0; return function() n = n + 1; if list[n] ~= nil then return n, list[n] end end end',
    )
    // Parsed by Lua itself, so that its lists are tables.
    return await lua.doString(`local obj = ${luaOf(object)}\n${check}`)
  } finally {
    lua.global.close()
  }
}
const luaOf = (value: unknown): string =>
  Array.isArray(value)
    ? `{${value.map(luaOf).join(',')}}`
    : typeof value === 'object' && value !== null
      ? `{${Object.entries(value)
          .map(([name, item]) => `[${JSON.stringify(name)}]=${luaOf(item)}`)
          .join(',')}}`
      : JSON.stringify(value)

t.test('both ways to install the checks of health bring the same ones', t => {
  t.strictSame(
    Object.fromEntries(
      spec.resourceHealthChecks.map(({ group, kind, check }) => [`${prefix}${group}_${kind}`, check]),
    ),
    data,
  )
  t.strictSame(Object.keys(data), [
    `${prefix}sower.dev_SeedRun`,
    `${prefix}lca.openshift.io_SeedGenerator`,
  ])
  t.end()
})

t.test('Argo CD shows how it is with a run', async t => {
  const check = data[`${prefix}sower.dev_SeedRun`] ?? ''
  const run = (status: object) =>
    healthOf(check, { spec: { requestKey: 'a', pullRequest: 7 }, status })
  for (const [status, health] of [
    [{}, { status: 'Progressing', message: 'waiting for the bot' }],
    [{ requestKey: 'b', phase: 'Completed' }, { status: 'Progressing' }],
    [{ requestKey: 'a', phase: 'Detaching' }, { status: 'Progressing', message: 'Detaching' }],
    [
      { requestKey: 'a', phase: 'Proposed' },
      { status: 'Suspended', message: 'Proposed: waits for the merge of #7' },
    ],
    [
      { requestKey: 'a', phase: 'Detaching', blocked: { code: 'DETACH_SLOW', reason: 'why' } },
      { status: 'Degraded', message: 'Detaching, blocked: DETACH_SLOW: why' },
    ],
    [
      { requestKey: 'a', phase: 'Completed', facts: { digest: 'sha256:1' } },
      { status: 'Healthy', message: 'Completed: sha256:1' },
    ],
    [{ requestKey: 'a', phase: 'Cancelled' }, { status: 'Healthy' }],
    [{ requestKey: 'a', phase: 'Failed' }, { status: 'Degraded', message: 'Failed' }],
  ] as const)
    t.match(await run(status), health)
  t.match(await healthOf(check, { spec: { requestKey: 'a' } }), { status: 'Progressing' })
})

const conditions = (...conditions: readonly object[]): object => ({ status: { conditions } })

t.test('Argo CD shows how it is with a SeedGenerator', async t => {
  const check = data[`${prefix}lca.openshift.io_SeedGenerator`] ?? ''
  for (const [object, health] of [
    [{}, { status: 'Progressing', message: 'waiting for the Lifecycle Agent' }],
    [
      conditions({ type: 'SeedGenInProgress', status: 'True', message: 'Launching' }),
      { status: 'Progressing', message: 'Launching' },
    ],
    [
      conditions({ type: 'SeedGenCompleted', status: 'True', message: 'Done' }),
      { status: 'Healthy', message: 'Done' },
    ],
    [
      conditions(
        { type: 'SeedGenInProgress', status: 'False', reason: 'Failed', message: 'Rejected' },
        { type: 'SeedGenCompleted', status: 'False' },
      ),
      { status: 'Degraded', message: 'Rejected' },
    ],
  ] as const)
    t.match(await healthOf(check, object), health)
})

t.test('the checks for the whole hub follow installation and klusterlet', async t => {
  const instance = hubWide[`${prefix}siteconfig.open-cluster-management.io_ClusterInstance`] ?? ''
  const managed = hubWide[`${prefix}cluster.open-cluster-management.io_ManagedCluster`] ?? ''
  const available = (status: string): object =>
    conditions({ type: 'ManagedClusterConditionAvailable', status })
  for (const [check, object, health] of [
    [instance, {}, { status: 'Progressing' }],
    [instance, conditions({ type: 'Provisioned', status: 'True' }), { status: 'Healthy' }],
    [
      instance,
      conditions({ type: 'Provisioned', status: 'False', reason: 'Failed', message: 'why' }),
      { status: 'Degraded', message: 'Provisioned: why' },
    ],
    [managed, {}, { status: 'Progressing' }],
    [managed, available('True'), { status: 'Healthy' }],
    [managed, available('False'), { status: 'Degraded' }],
    [managed, available('Unknown'), { status: 'Progressing' }],
  ] as const)
    t.match(await healthOf(check, object), health)
})
