import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { createAuthority } from '../../src/sandbox/kubernetes/authority.ts'
import { RegistryError } from '../../src/sandbox/registry/registry-error.ts'
import { startRegistry } from '../../src/sandbox/registry/start-registry.ts'

const told: unknown[] = []
const registry = await startRegistry({
  authority: await createAuthority({ name: 'registry' }),
  accounts: [
    { username: 'pusher', password: 'p:w', push: true, repositories: ['seeds'] },
    { username: 'puller', password: 'pw', push: false },
  ],
  tell: (actor, message, details) => told.push({ actor, message, details }),
})
t.teardown(() => registry.close())

type Options = { method?: string; auth?: string; body?: string; headers?: Record<string, string> }
const call = async (path: string, options: Options = {}) => {
  const { method = 'GET', auth = 'pusher:p:w', body = '', headers = {} } = options
  const sent = request(`https://${registry.host}${path}`, {
    method,
    ca: registry.certificateAuthority,
    agent: false,
    headers: {
      ...(auth === '' ? {} : { authorization: `Basic ${Buffer.from(auth).toString('base64')}` }),
      'content-length': body.length,
      ...headers,
    },
  })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return { code: response.statusCode, headers: response.headers, body: await text(response) }
}
const errorOf = (answer: { body: string }) =>
  (JSON.parse(answer.body) as { errors: { code: string }[] }).errors[0]?.code
const digestOf = (content: string): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`
const upload = async (repository: string, content: string): Promise<string> => {
  const started = await call(`/v2/${repository}/blobs/uploads/`, { method: 'POST' })
  const digest = digestOf(content)
  const path = `${started.headers.location ?? ''}?digest=${digest}`
  await call(path, { method: 'PUT', body: content })
  return digest
}

t.test('answers with the error that it is told to', async t => {
  registry.setTrouble(({ method, path }) =>
    `${method} ${path}` === 'GET /v2/' ? new RegistryError(503, 'UNKNOWN', 'away') : null,
  )
  t.match(await call('/v2/'), { code: 503, body: /"UNKNOWN"/ })
  registry.setTrouble(null)
  t.equal((await call('/v2/')).code, 200)
})

t.test('wants a name and a password, in the shape of the specification', async t => {
  const refused = await call('/v2/', { auth: '' })
  t.match(refused, { code: 401, headers: { 'www-authenticate': /^Basic realm=/ } })
  t.equal(errorOf(refused), 'UNAUTHORIZED')
  t.equal((await call('/v2/', { auth: 'pusher:wrong' })).code, 401)
  t.match(await call('/v2/'), {
    code: 200,
    headers: { 'docker-distribution-api-version': 'registry/2.0' },
  })
})

t.test('takes in blobs in one piece and in chunks, and checks the digest', async t => {
  const started = await call('/v2/seeds/sno1/blobs/uploads/', { method: 'POST' })
  t.match(started, { code: 202, headers: { range: '0-0' } })
  const location = started.headers.location ?? ''
  const patch = (body: string, range: string) =>
    call(location, { method: 'PATCH', body, headers: { 'content-range': range } })
  t.match(await patch('hello ', '0-5'), { code: 202, headers: { range: '0-5' } })
  t.equal((await patch('world', '9-13')).code, 416)
  t.match(await patch('world', '6-10'), { code: 202, headers: { range: '0-10' } })
  const wrong = await call(`${location}?digest=${digestOf('other')}`, { method: 'PUT' })
  t.equal(errorOf(wrong), 'DIGEST_INVALID')
  const digest = digestOf('hello world')
  t.match(await call(`${location}?digest=${digest}`, { method: 'PUT' }), {
    code: 201,
    headers: { 'docker-content-digest': digest },
  })
  t.match(await call(`/v2/seeds/sno1/blobs/${digest}`), { code: 200, body: 'hello world' })
  t.match(await call(`/v2/seeds/sno1/blobs/${digest}`, { method: 'HEAD' }), {
    code: 200,
    headers: { 'content-length': '11' },
    body: '',
  })
  const mount = `/v2/seeds/sno2/blobs/uploads/?mount=${digest}&from=seeds/sno1`
  t.equal((await call(mount, { method: 'POST' })).code, 201)
  t.equal(errorOf(await call(`/v2/seeds/sno3/blobs/${digest}`)), 'BLOB_UNKNOWN')
})

t.test('cancels an upload, as a preflight check does', async t => {
  const { headers } = await call('/v2/seeds/sno1/blobs/uploads/', { method: 'POST' })
  t.equal((await call(headers.location ?? '', { method: 'DELETE' })).code, 204)
  t.equal(errorOf(await call(headers.location ?? '')), 'BLOB_UPLOAD_UNKNOWN')
})

t.test('keeps a manifest byte for byte, by tag and by digest, and tells of it', async t => {
  const type = 'application/vnd.oci.image.manifest.v1+json'
  const config = await upload('seeds/sno1', '{"config":{"Labels":{}}}')
  const manifest = (digest: string) =>
    `{ "schemaVersion": 2, "mediaType": "${type}", "config": { "digest": "${digest}" }, "layers": [] }`
  const put = (body: string) =>
    call('/v2/seeds/sno1/manifests/4.18.5', {
      method: 'PUT',
      body,
      headers: { 'content-type': type },
    })
  t.equal(errorOf(await call('/v2/seeds/sno1/manifests/4.18.5')), 'MANIFEST_UNKNOWN')
  t.equal(errorOf(await put(manifest(digestOf('nothing')))), 'MANIFEST_BLOB_UNKNOWN')
  t.equal(errorOf(await put('not JSON')), 'MANIFEST_INVALID')
  const content = manifest(config)
  const digest = digestOf(content)
  t.match(await put(content), { code: 201, headers: { 'docker-content-digest': digest } })
  for (const reference of ['4.18.5', digest])
    t.match(await call(`/v2/seeds/sno1/manifests/${reference}`), {
      code: 200,
      headers: { 'content-type': type, 'docker-content-digest': digest },
      body: content,
    })
  t.match(told, [{ actor: 'registry', details: { image: 'seeds/sno1', digest } }])
  const tags = await call('/v2/seeds/sno1/tags/list')
  t.same(JSON.parse(tags.body), { name: 'seeds/sno1', tags: ['4.18.5'] })
  const deleted = await call(`/v2/seeds/sno1/manifests/${digest}`, { method: 'DELETE' })
  t.match(deleted, { code: 405 })
  t.equal(errorOf(deleted), 'UNSUPPORTED')
})

t.test('denies what an account may not do', async t => {
  const push = await call('/v2/seeds/sno1/blobs/uploads/', { method: 'POST', auth: 'puller:pw' })
  t.match(push, { code: 403 })
  t.equal(errorOf(push), 'DENIED')
  t.equal((await call('/v2/seeds/sno1/tags/list', { auth: 'puller:pw' })).code, 200)
  t.equal((await call('/v2/seedsother/a/tags/list')).code, 403)
})
