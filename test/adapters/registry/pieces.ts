import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { askWithCredential } from '../../../src/adapters/registry/ask-with-credential.ts'
import { callOnce } from '../../../src/adapters/registry/call-once.ts'
import { followRedirects } from '../../../src/adapters/registry/follow-redirects.ts'
import {
  configDigest,
  hasDigest,
  isDigest,
  manifestDigest,
  saysNotFound,
  seedLabels,
} from '../../../src/adapters/registry/manifest-digest.ts'
import { trustedHosts } from '../../../src/adapters/registry/trusted-hosts.ts'
import { parseImageReference } from '../../../src/core/seedgen/image-reference.ts'
import { config, digestOf, manifest } from '../../support/registry/registry-server.ts'

t.test('a digest is that of the bytes, and a header that says otherwise is refused', t => {
  const bytes = Buffer.from(manifest)
  t.ok(isDigest(digestOf(manifest)))
  for (const other of ['sha256:12', 'md5:12', '../x', undefined, 7]) t.notOk(isDigest(other))
  t.ok(hasDigest(bytes, digestOf(manifest)))
  t.notOk(hasDigest(bytes, digestOf(config)))
  t.equal(manifestDigest(bytes, undefined), digestOf(manifest))
  t.equal(manifestDigest(bytes, digestOf(manifest)), digestOf(manifest))
  t.throws(() => manifestDigest(bytes, digestOf(config)), /does not have the digest/)
  t.equal(configDigest(bytes), digestOf(config))
  t.equal(configDigest(Buffer.from('{"schemaVersion":2,"manifests":[]}')), null, 'an index')
  t.throws(() => configDigest(Buffer.from('{"schemaVersion":1}')), /schema 2/)
  t.strictSame(seedLabels(Buffer.from(config)), {
    ...{ format: '4', cluster: 'sno1', version: '4.18.5' },
    ...{ hasProxy: true, hasFips: false },
  })
  t.strictSame(seedLabels(Buffer.from('{')), {
    ...{ format: null, cluster: null, version: null },
    ...{ hasProxy: null, hasFips: null },
  })
  t.ok(saysNotFound(Buffer.from('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}')))
  t.notOk(saysNotFound(Buffer.from('<html>not here</html>')))
  t.end()
})

t.test('the operator says which hosts see a credential and which need no TLS', t => {
  const hosts = trustedHosts({
    tokenHosts: ['auth.example.com'],
    insecure: ['http://plain.test:5000'],
  })
  const place = (text: string): string => {
    const { api, repository } = hosts.place(parseImageReference(text))
    return `${api.href}${repository}`
  }
  t.equal(place('plain.test:5000/a/b:1'), 'http://plain.test:5000/a/b')
  t.equal(place('other.test/a/b:1'), 'https://other.test/a/b')
  t.equal(place('docker.io/a:1'), 'https://registry-1.docker.io/library/a')
  const api = new URL('https://registry.example.com')
  for (const [realm, isTrusted] of [
    ['https://registry.example.com/token', true],
    ['https://auth.example.com/token', true],
    ['http://auth.example.com/token', false],
    ['https://user@auth.example.com/token', false],
    ['https://evil.example.com/token', false],
  ] as const)
    t.equal(hosts.mayGiveTokens(new URL(realm), api), isTrusted, realm)
  t.end()
})

const answer = (status: number, headers: object = {}, body = '') => ({
  ...{ status, headers: { ...headers }, body: Buffer.from(body), address: '192.0.2.1' },
})

t.test('asks without the credential first, and shows it to nobody untrusted', async t => {
  const credential = { username: 'u', password: 'p' }
  const ask = async (challenge: string, mayGiveTokens: boolean) => {
    const shown: unknown[] = []
    const result = await askWithCredential({
      ask: async authorization => {
        shown.push(authorization)
        return authorization === undefined
          ? answer(401, { 'www-authenticate': challenge })
          : answer(200)
      },
      mayGiveTokens: () => mayGiveTokens,
      getToken: async (realm, request) => {
        shown.push(realm.host, request)
        return answer(200, {}, '{"token":"t"}')
      },
      ...{ credential, scope: 'repository:a:pull' },
    })
    return { status: result.status, shown }
  }
  t.strictSame(await ask('Basic realm="r"', false), {
    status: 200,
    shown: [undefined, 'Basic dTpw'],
  })
  const bearer = 'Bearer realm="https://auth.test/token",service="s"'
  t.match(await ask(bearer, true), {
    shown: [undefined, 'auth.test', { method: 'GET', authorization: 'Basic dTpw' }, 'Bearer t'],
  })
  await t.rejects(ask(bearer, false), /auth\.test is not trusted/)
  await t.rejects(ask('Digest realm="r"', true), /neither Basic nor a token/)
})

t.test('follows redirects to public places only, and not for ever', async t => {
  const follow = (location: string) =>
    followRedirects({
      first: answer(302, { location }),
      from: new URL('https://registry.test/v2/'),
      mayAsk: url => url.protocol === 'https:',
      get: async url => answer(url.pathname === '/loop' ? 302 : 200, { location: '/loop' }),
    })
  t.match(await follow('https://blobs.test/x'), { status: 200 })
  for (const [location, says] of [
    ['http://blobs.test/x', /without TLS/],
    ['https://127.0.0.1/x', /loopback address/],
    ['https://169.254.169.254/latest', /link-local address/],
    ['https://10.0.0.1/x', /private address/],
    ['/loop', /too often/],
  ] as const)
    await t.rejects(follow(location), says, location)
})

t.test('one call goes to one place, with the address that answered', async t => {
  const server = createServer((request, response) => {
    response
      .writeHead(302, { location: '/elsewhere' })
      .end(`${request.method ?? ''} ${request.url ?? ''}`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const call = (url: string) =>
    callOnce({
      ...{ url: new URL(url), method: 'GET', headers: { accept: '*/*' }, body: '' },
      ...{
        secureContext: undefined,
        isVerified: true,
        proxy: null,
        lookup: undefined,
        timeLimit: 20_000,
      },
    })
  const { status, headers, body, address } = await call(`http://127.0.0.1:${port}/v2/?a=b`)
  t.strictSame(
    [status, headers.location, String(body), address],
    [302, '/elsewhere', 'GET /v2/?a=b', '127.0.0.1'],
  )
  await t.rejects(call('http://127.0.0.1:1/'), /ECONNREFUSED/)
})
