import { createInterface } from 'node:readline'
import { request, type RequestOptions } from 'node:https'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Test } from 'tap'
import { loadKubeconfig } from '../../src/adapters/kubernetes/load-kubeconfig.ts'
import { watchChanges } from '../../src/adapters/kubernetes/watch-changes.ts'
import { at, inNamespace, type Body, type PeerScene } from '../support/peers/peer-scene.ts'

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await pause(10)
}

/** What a watch tells, as the API server sends it and as Sower hears it. */
export const watchTells = async (t: Test, scene: PeerScene): Promise<void> => {
  const { admin, make, namespace, peer } = scene

  await t.test(
    'tells what has happened since a version, and ends with how far it came',
    async t => {
      const configMaps = inNamespace('v1', await namespace(), 'configmaps')
      const { body: list } = await admin(configMaps)
      const from = String(at(list, 'metadata', 'resourceVersion'))
      await make(configMaps, { metadata: { name: 'a', labels: { l: '1' } } })
      const patch = { method: 'PATCH', type: 'application/merge-patch+json' }
      await admin(`${configMaps}/a`, { ...patch, body: { metadata: { labels: { l: '2' } } } })
      await admin(`${configMaps}/a`, { method: 'DELETE' })
      const lines = (query: string) => watchOnce(scene, `${configMaps}?watch=true&${query}`)
      const bookmarks = `allowWatchBookmarks=true&timeoutSeconds=${peer.bookmarkAfter}`
      const [all, selected, marks] = await Promise.all([
        lines(`resourceVersion=${from}&timeoutSeconds=1`),
        lines(`resourceVersion=${from}&labelSelector=l%3D1&timeoutSeconds=1`),
        lines(bookmarks),
      ])
      t.strictSame(
        all.map(({ type, object }) => [type, at(object, 'metadata', 'name')]),
        [
          ['ADDED', 'a'],
          ['MODIFIED', 'a'],
          ['DELETED', 'a'],
        ],
      )
      const versionOf = (line: Line | undefined): number =>
        Number(at(line?.object, 'metadata', 'resourceVersion'))
      t.ok(versionOf(all[2]) > Number(from), 'a deletion has a version of its own')
      const last = marks.at(-1)
      t.match(last, { type: 'BOOKMARK', object: { kind: 'ConfigMap', apiVersion: 'v1' } })
      t.ok(versionOf(last) >= versionOf(all[2]))
      t.strictSame(
        selected.map(({ type }) => type),
        ['ADDED', 'DELETED'],
        'what does not match any more is gone for who asked for it',
      )
    },
  )

  await t.test('Sower hears of each change, over ends, a restart and versions too old', async t => {
    const where = await namespace()
    const configMaps = inNamespace('v1', where, 'configmaps')
    await make(configMaps, { metadata: { name: 'there' }, data: { at: '0' } })
    const change = (to: string) =>
      admin(`${configMaps}/there`, {
        ...{ method: 'PATCH', type: 'application/merge-patch+json', body: { data: { at: to } } },
      })
    const config = loadKubeconfig(await peer.kubeconfig('admin'))
    const stop = new AbortController()
    let [heard, begun] = [0, 0]
    const connect = config.applyToHTTPSOptions.bind(config)
    config.applyToHTTPSOptions = options => {
      begun += 1
      return connect(options)
    }
    const watching = watchChanges(config, { lasting: 1, first: 10 })(
      { apiVersion: 'v1', plural: 'configmaps', namespace: where },
      () => void (heard += 1),
      stop.signal,
    )
    await until(() => heard === 1)
    t.pass('what is there when it begins is told of')
    await change('1')
    await until(() => heard === 2)
    const from = begun
    await until(() => begun > from + 1)
    t.equal(heard, 2, 'it goes on from where it ended: nothing is told twice')
    await change('2')
    await until(() => heard === 3)
    await peer.restart()
    await change('3')
    await until(() => heard > 3)
    t.pass('a change is heard of after a restart')
    const before = heard
    await admin(`${configMaps}/there`, { method: 'DELETE' })
    await until(() => heard > before)
    stop.abort()
    await watching
    const path = `${configMaps}?watch=true&resourceVersion=1&timeoutSeconds=1`
    t.match(await watchOnce(scene, path), [
      {
        type: 'ERROR',
        object: { kind: 'Status', code: 410, message: /too old resource version: 1 / },
      },
    ])
  })

  await t.test('who may watch one object by its name may not watch all', async t => {
    const where = await namespace()
    const configMaps = inNamespace('v1', where, 'configmaps')
    await make(configMaps, { metadata: { name: 'mine' } })
    await scene.grant('watcher', where, [
      {
        ...{ apiGroups: [''], resources: ['configmaps'], verbs: ['watch'] },
        resourceNames: ['mine'],
      },
    ])
    const named = `${configMaps}?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dmine`
    t.match(await watchOnce(scene, named, 'watcher'), [{ type: 'ADDED' }])
    const all = await (await scene.as('watcher'))(`${configMaps}?watch=true&timeoutSeconds=1`)
    t.equal(all.code, 403)
  })
}

type Line = Readonly<{ type: string; object: Body }>

/** All that one watch tells until the server ends it. */
const watchOnce = async (
  { peer }: PeerScene,
  path: string,
  user = 'admin',
): Promise<readonly Line[]> => {
  const config = loadKubeconfig(await peer.kubeconfig(user))
  const options: RequestOptions = {}
  await config.applyToHTTPSOptions(options)
  const sent = request(`${config.getCurrentCluster()?.server}${path}`, { ...options, agent: false })
  sent.end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const lines: Line[] = []
  for await (const line of createInterface({ input: response }))
    lines.push(JSON.parse(line) as Line)
  return lines
}
