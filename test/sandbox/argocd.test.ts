import './argocd/can-i.ts'
import t from 'tap'
import { keyFor, manifest, namespace, scene, token } from '../support/sandbox/argocd-scene.ts'

const twoClusters = {
  'kustomization.yaml': '{"resources":["seed.yaml","other.yaml"]}',
  'seed.yaml': `${namespace('seed-sno1')}\n---\n${manifest('ClusterInstance', 'seed-sno1')}`,
  'other.yaml': `${namespace('other')}\n---\n${manifest('ClusterInstance', 'other')}`,
}
const withoutSeed = { 'kustomization.yaml': '{"resources":["other.yaml"]}' }
const json = { 'content-type': 'application/json' }

t.test('a commit reaches the hub by the poll, and what leaves Git is pruned', async t => {
  const { commit, until, object, status, told, renders, world } = await scene(t)
  const sha = commit(twoClusters)
  await until('synced', () => status().history.length)
  const instance = object('ClusterInstance', 'seed-sno1')!
  t.equal(
    instance.metadata.annotations!['argocd.argoproj.io/tracking-id'],
    'clusters:siteconfig.open-cluster-management.io/ClusterInstance:seed-sno1/seed-sno1',
  )
  t.match(renders.at(-1), {
    ARGOCD_APP_NAME: 'clusters',
    ARGOCD_APP_REVISION: sha,
    ARGOCD_APP_SOURCE_PATH: 'site',
    ARGOCD_APP_PROJECT_NAME: 'ztp',
  })
  await until(
    'compared again',
    () =>
      status().sync.status === 'Synced' &&
      status().reconciledAt >= status().operationState.finishedAt,
  )

  world.hub.change(keyFor('ClusterInstance', 'seed-sno1'), live => {
    live.metadata.finalizers = ['siteconfig/finalizer']
    live['status'] = { conditions: [] }
  })
  commit(withoutSeed)
  await until(
    'asked to go',
    () => object('ClusterInstance', 'seed-sno1')?.metadata.deletionTimestamp,
  )
  await until('operation ended', () => status().operationState.phase === 'Succeeded')
  t.match(
    status().operationState.syncResult.resources.find(
      ({ kind, status }) => kind === 'ClusterInstance' && status === 'Pruned',
    ),
    { message: 'pruned', name: 'seed-sno1' },
    'Pruned means that DELETE was accepted',
  )
  t.ok(object('ClusterInstance', 'seed-sno1'), 'the finalizer still holds it')
  t.ok(told.includes('pruned ClusterInstance seed-sno1'))
  t.ok(object('ClusterInstance', 'other'))
})

t.test('automated sync refuses to wipe out all resources; a selective sync does not', async t => {
  const { commit, until, object, status, refresh, call, told } = await scene(t)
  commit({
    'kustomization.yaml': '{"resources":["seed.yaml"]}',
    'seed.yaml': manifest('ClusterInstance', 'seed-sno1', { namespace: 'clusters-sub' }),
  })
  // Its namespace does not exist: the sync fails, as an apply would.
  await until('failed', () => status().operationState.phase === 'Failed')
  t.match(status().operationState.message, /namespaces "clusters-sub" not found/)
  commit({ 'seed.yaml': `${namespace('x')}\n---\n${twoClusters['seed.yaml']}` })
  await until(
    'synced',
    () => object('ClusterInstance', 'seed-sno1') && status().sync.status === 'Synced',
  )

  const sha = commit({ 'kustomization.yaml': '{"resources":[]}' })
  const answer = await refresh()
  t.match(answer.conditions, [
    {
      type: 'SyncError',
      message: `Skipping sync attempt to [${sha}]: auto-sync will wipe out all resources`,
    },
  ])
  t.equal(answer.sync.status, 'OutOfSync')
  t.equal(answer.sync.revision, sha)
  t.ok(answer.resources.every(resource => resource.requiresPruning))
  t.notOk(answer.annotations?.['argocd.argoproj.io/refresh'], 'the request is consumed')
  t.ok(told.some(line => line.startsWith('refused to sync clusters')))

  const resources = [
    {
      group: 'siteconfig.open-cluster-management.io',
      kind: 'ClusterInstance',
      name: 'seed-sno1',
      namespace: 'seed-sno1',
    },
  ]
  const body = JSON.stringify({ prune: true, resources })
  t.equal((await call('/sync', { method: 'POST', headers: json, body })).status, 200)
  await until('pruned', () => !object('ClusterInstance', 'seed-sno1'))
  await until('finished', () => status().operationState.phase === 'Succeeded')
  t.ok(object('Namespace', 'seed-sno1'), 'what was not named stays')
  t.same(
    status().operationState.syncResult.resources.map(({ kind }) => kind),
    ['ClusterInstance'],
  )
})

t.test('a render that fails leaves everything alone and says why', async t => {
  const { commit, until, object, refresh, call, renders, status } = await scene(t)
  commit(twoClusters)
  await until('synced', () => object('ClusterInstance', 'seed-sno1'))
  commit({ 'kustomization.yaml': 'resources:\n#  - seed.yaml\n' })
  const answer = await refresh()
  t.match(answer.sync, { status: 'Unknown', revision: 'main' }, 'a name, since nothing was loaded')
  t.equal(answer.health.status, 'Healthy')
  t.match(answer.conditions[0], {
    type: 'ComparisonError',
    message:
      /^Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: .*CMP processing failed for application "clusters": error generating manifests in cmp: .*failed exit status 1: Error: kustomization.yaml is empty$/,
  })
  await refresh()
  await refresh()
  const rendered = renders.length
  t.match(
    (await refresh()).conditions[0]!.message,
    /source 1 of 1: rpc error: code = Unknown desc = Manifest generation error \(cached\): CMP processing failed/,
  )
  t.equal(renders.length, rendered, 'generation is paused')
  await call('?refresh=hard&project=ztp')
  t.equal(renders.length, rendered + 1, 'a hard refresh generates')
  t.match(status().conditions[0]!.message, /desc = CMP processing failed/)
  commit({ slow: '', 'kustomization.yaml': '{"resources":["seed.yaml"]}' })
  t.equal(
    (await refresh()).conditions[0]!.message,
    'Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = DeadlineExceeded desc = context deadline exceeded',
  )
  t.ok(object('ClusterInstance', 'seed-sno1'))
})

t.test(
  'self-heal undoes a change by hand; without it the same revision is not synced again',
  async t => {
    for (const selfHeal of [true, false]) {
      const { commit, until, object, status, world, refresh } = await scene(t, {
        syncPolicy: { automated: { prune: true, selfHeal } },
      })
      commit(twoClusters)
      await until(
        'synced',
        () => status().sync.status === 'Synced' && object('ClusterInstance', 'other'),
      )
      world.hub.remove(keyFor('ClusterInstance', 'other'))
      if (selfHeal) await until('healed', () => object('ClusterInstance', 'other'))
      else {
        t.equal((await refresh()).sync.status, 'OutOfSync')
        await refresh()
        t.notOk(object('ClusterInstance', 'other'))
      }
    }
  },
)

t.test('a kind that the project does not list fails the sync', async t => {
  const { commit, until, status, refresh } = await scene(t, { whitelist: ['ConfigMap'] })
  commit(twoClusters)
  await until('failed', () => status().operationState.phase === 'Failed')
  t.match((await refresh()).conditions[0], {
    type: 'SyncError',
    message:
      /resource siteconfig.open-cluster-management.io:ClusterInstance is not permitted in project ztp \(retried 5 times\)\.$/,
  })
})

t.test('a later wave waits until what an earlier one pruned is really gone', async t => {
  const { commit, until, object, status, world } = await scene(t, {
    syncPolicy: { automated: { prune: true }, syncOptions: ['CreateNamespace=true'] },
  })
  const wave = { annotations: { 'argocd.argoproj.io/sync-wave': '5' } }
  commit({
    ...twoClusters,
    'seed.yaml': `${namespace('seed-sno1')}\n---\n${manifest('ClusterInstance', 'seed-sno1', wave)}`,
  })
  await until(
    'synced',
    () => status().sync.status === 'Synced' && object('ClusterInstance', 'seed-sno1'),
  )
  t.ok(object('Namespace', 'clusters-sub'), 'the destination namespace was made')
  world.hub.change(keyFor('ClusterInstance', 'seed-sno1'), live => {
    live.metadata.finalizers = ['siteconfig/finalizer']
  })
  commit(withoutSeed)
  await until('waiting', () =>
    status().operationState.message.startsWith(
      'waiting for deletion of siteconfig.open-cluster-management.io/ClusterInstance/seed-sno1',
    ),
  )
  t.ok(object('Namespace', 'seed-sno1'), 'the namespace of wave 0 waits for wave 5')
  world.hub.change(keyFor('ClusterInstance', 'seed-sno1'), live => {
    live.metadata.finalizers = []
  })
  await until('all gone', () => !object('Namespace', 'seed-sno1'))
})

t.test(
  'manual syncs only: nothing happens until one is asked for, and annotations hold a prune',
  async t => {
    const { commit, until, object, status, refresh, call, world } = await scene(t, {
      syncPolicy: {},
    })
    commit(twoClusters)
    t.equal((await refresh()).sync.status, 'OutOfSync')
    t.notOk(object('ClusterInstance', 'seed-sno1'))
    const post = (body: object) =>
      call('/sync', { method: 'POST', headers: json, body: JSON.stringify(body) })
    const asked = await post({})
    t.equal(asked.status, 200)
    t.match(await asked.json(), {
      operation: { retry: {}, sync: { source: { path: 'site' } } },
    })
    await until('synced', () => status().operationState.phase === 'Succeeded')

    world.hub.change(keyFor('ClusterInstance', 'seed-sno1'), live => {
      live.metadata.annotations!['argocd.argoproj.io/sync-options'] = 'Prune=false'
    })
    world.hub.change(keyFor('Namespace', 'seed-sno1'), live => {
      live.metadata.annotations!['argocd.argoproj.io/sync-options'] = 'Prune=confirm'
    })
    commit(withoutSeed)
    await refresh()
    await post({ prune: true })
    await until('asks', () =>
      status().operationState.message.startsWith('waiting for pruning confirmation of'),
    )
    const second = await post({ prune: true })
    t.equal(second.status, 400)
    t.match(await second.json(), { code: 9, message: 'another operation is already in progress' })
    t.equal((await call('/operation', { method: 'DELETE', headers: json })).status, 200)
    await until('terminated', () => status().operationState.message === 'Operation terminated')
    t.ok(object('Namespace', 'seed-sno1'))

    world.hub.change(keyFor('Namespace', 'seed-sno1'), live => {
      delete live.metadata.annotations!['argocd.argoproj.io/sync-options']
    })
    const resources = [
      {
        group: 'siteconfig.open-cluster-management.io',
        kind: 'ClusterInstance',
        name: 'seed-sno1',
      },
    ]
    await post({ prune: true, resources })
    await until('skipped', () => status().operationState.phase === 'Succeeded')
    t.match(status().operationState.syncResult.resources, [
      { status: 'PruneSkipped', message: 'ignored (no prune)' },
    ])
  },
)

t.test('several sources have a revision each, and one that fails fails all', async t => {
  const { commit, until, object, refresh, status } = await scene(t, {
    sources: ['site/a', 'site/b'],
  })
  commit({
    'a/kustomization.yaml': '{"resources":["seed.yaml"]}',
    'a/seed.yaml': twoClusters['seed.yaml'],
    'b/kustomization.yaml': '{"resources":["other.yaml"]}',
    'b/other.yaml': twoClusters['other.yaml'],
  })
  await until(
    'synced',
    () => object('ClusterInstance', 'other') && status().sync.status === 'Synced',
  )
  const sha = commit({ 'b/kustomization.yaml': '{"resources":[]}' })
  const answer = await refresh()
  t.same(answer.sync.revisions, [sha, sha])
  t.notOk(answer.sync.revision)
  await until('pruned', () => !object('ClusterInstance', 'other'))
  t.ok(object('ClusterInstance', 'seed-sno1'))
  commit({ 'b/kustomization.yaml': '{}' })
  const failed = await refresh()
  t.match(failed.conditions[0]!.message, /failed to generate manifest for source 2 of 2: /)
  t.same(failed.sync.revisions, ['main', 'main'])
})

t.test('a denied prune says why in the message of the operation, and is tried again', async t => {
  let isDenied = true
  const { commit, until, object, status } = await scene(t, {
    syncPolicy: {
      automated: { prune: true },
      syncOptions: ['PrunePropagationPolicy=background'],
      retry: { limit: 2 },
    },
    admission: ({ verb, object: { kind } }) =>
      isDenied && verb === 'delete' && kind === 'ClusterInstance'
        ? 'admission webhook "no.example.com" denied the request: not today'
        : undefined,
  })
  commit(twoClusters)
  await until('created', () => object('ClusterInstance', 'seed-sno1') !== undefined)
  await until('synced', () => status().sync.status === 'Synced')
  commit({ 'seed.yaml': namespace('seed-sno1') })
  await until('tries again', () => status().operationState.retryCount > 0)
  const { phase, message, finishedAt, operation } = status().operationState
  t.equal(phase, 'Running')
  t.ok(finishedAt)
  t.match(
    message,
    /^one or more objects failed to apply, reason: admission webhook "no.example.com" denied the request: not today\. Retrying attempt #\d at \d+:\d\d[AP]M\.$/,
  )
  t.match(operation, {
    retry: { limit: 2 },
    sync: { syncOptions: ['PrunePropagationPolicy=background'] },
  })
  await until('gave up', () => status().operationState.phase === 'Failed')
  t.match(status().operationState.message, /: not today \(retried 2 times\)\.$/)
  await until('says so', () => status().conditions[0]?.message.startsWith('Failed last sync'))
  t.ok(object('ClusterInstance', 'seed-sno1'))
  isDenied = false
  commit({ note: '' })
  await until('pruned', () => !object('ClusterInstance', 'seed-sno1'))
})

t.test('the API asks for `get` before `sync`, and names what is missing', async t => {
  const post = { method: 'POST', headers: json, body: '{}' }
  const onlySync = await scene(t, { policies: [['sync', '*/*']] })
  const refused = await onlySync.call('/sync', post)
  t.equal(refused.status, 403)
  t.same(await refused.json(), {
    error: 'permission denied',
    code: 7,
    message: 'permission denied',
  })
  const onlyGet = await scene(t, { policies: [['get', 'ztp/clusters']] })
  t.equal((await onlyGet.call('?project=ztp')).status, 200)
  t.equal((await onlyGet.call('?project=other')).status, 403)
  const answer = await onlyGet.call('/sync', post)
  t.equal(answer.status, 403)
  t.match(await answer.json(), {
    code: 7,
    message: /^permission denied: applications, sync, ztp\/clusters, sub: sower, iat: /,
  })
  for (const [path, status, body] of [
    ['applications/sync/ztp/clusters', 200, { value: 'no' }],
    ['applications/get/ztp/clusters', 200, { value: 'yes' }],
    ['applications/dance/ztp/clusters', 400, { code: 3 }],
  ] as const) {
    const said = await fetch(new URL(`/api/v1/account/can-i/${path}`, onlyGet.argoCd.url), {
      headers: { authorization: `Bearer ${token}` },
    })
    t.equal(said.status, status)
    t.match(await said.json(), body)
  }
})

t.test('the API refuses what the real one refuses', async t => {
  const { argoCd, call } = await scene(t)
  const url = `${argoCd.url}/api/v1/applications/`
  t.equal((await fetch(`${url}clusters`)).status, 401)
  t.equal((await call('/sync', { method: 'POST', body: '{}' })).status, 415)
  const elsewhere = { method: 'POST', headers: json, body: '{"revision":"abc"}' }
  const answer = await call('/sync', elsewhere)
  t.equal(answer.status, 400)
  t.match(await answer.json(), {
    code: 9,
    message: 'Cannot sync to abc: auto-sync currently set to main',
  })
  const headers = { authorization: `Bearer ${token}` }
  t.equal((await fetch(`${url}nothing`, { headers })).status, 403)
  t.equal((await fetch(`${url}nothing?project=ztp`, { headers })).status, 404)
})
