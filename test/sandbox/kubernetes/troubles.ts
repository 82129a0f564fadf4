import t from 'tap'
import { ApiError } from '../../../src/sandbox/kubernetes/api-error.ts'
import type { ApiTrouble } from '../../../src/sandbox/kubernetes/start-api-server.ts'
import { api, at, configMap, raw, server } from '../../support/sandbox/kubernetes-scene.ts'

const path = '/api/v1/namespaces/sower/configmaps'

t.test('plays what an API server, or the way to it, may do in place of an answer', async t => {
  const asked: string[] = []
  const met: (ApiTrouble | null)[] = []
  server.setTrouble(({ user, method, isWatch }) => {
    asked.push(`${user} ${method}${isWatch ? ' watch' : ''}`)
    return met.shift() ?? null
  })
  t.teardown(() => {
    server.setTrouble(null)
  })
  const meet = async (trouble: ApiTrouble, name: string): Promise<boolean> => {
    met.push(trouble)
    await t.rejects(raw(path, { method: 'POST', body: configMap(name) }), { code: 'ECONNRESET' })
    return (await raw(`${path}/${name}`)).code === 200
  }
  t.notOk(await meet('lost', 'lost'), 'it never arrived')
  t.ok(await meet('cut', 'cut'), 'it was obeyed')
  met.push(new ApiError(409, 'Conflict', 'changed'))
  t.match(JSON.parse((await raw(path)).text), { kind: 'Status', code: 409, reason: 'Conflict' })
  met.push('slow')
  t.equal(at(await api(`${path}/cut`), 'metadata', 'name'), 'cut', 'late, and whole')
  t.strictSame(asked.slice(0, 2), ['admin POST', 'admin GET'])

  const version = String(at(await api(path), 'metadata', 'resourceVersion'))
  await raw(path, { method: 'POST', body: configMap('after') })
  const watching = raw(`${path}?watch=true`)
  while (server.endWatches() === 0) await new Promise(resolve => setImmediate(resolve))
  await t.rejects(watching, 'a watch is cut')
  const { text } = await raw(`${path}?watch=true&resourceVersion=${version}`)
  t.match(JSON.parse(text), { type: 'ERROR', object: { code: 410 } }, 'what was is forgotten')
  t.equal(asked.at(-1), 'admin GET watch')
  for (const name of ['cut', 'after']) await raw(`${path}/${name}`, { method: 'DELETE' })
})
