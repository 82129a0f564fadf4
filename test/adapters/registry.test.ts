import './registry/pieces.ts'
import './registry/real.ts'
import './registry/token.ts'
import './registry/proxy.ts'
import './registry/upload.ts'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { createServer as createPlainServer, type AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { ociRegistry, type RegistrySettings } from '../../src/adapters/registry/oci-registry.ts'
import { parseImageReference } from '../../src/core/seedgen/image-reference.ts'
import { createAuthority } from '../../src/sandbox/kubernetes/authority.ts'
import { startRegistry } from '../../src/sandbox/registry/start-registry.ts'
import {
  basic,
  config,
  digestOf,
  manifest,
  password,
  present,
  pusher,
  seedImage,
  serveImage,
  startServer,
  unreachable,
  type Serve,
} from '../support/registry/registry-server.ts'

const manifestType = 'application/vnd.oci.image.manifest.v1+json'

t.test('with Basic authentication: who may push, and what a tag holds', async t => {
  const authority = await createAuthority({ name: 'registry' })
  const server = await startRegistry({
    authority,
    accounts: [
      { username: 'pusher', password, push: true, repositories: ['ibu'] },
      { username: 'puller', password, push: false },
    ],
    tell: () => undefined,
  })
  t.teardown(() => server.close())
  const registry = ociRegistry({ authority: server.certificateAuthority })
  const image = parseImageReference(`${server.host}/ibu/sno1:4.18.5`)
  t.same(await registry.mayPush(image, pusher), present(true))
  t.same(await registry.mayPush(image, { ...pusher, username: 'puller' }), present(false))
  t.same(await registry.mayPush(image, { ...pusher, password: 'wrong' }), present(false))
  t.same(
    await registry.mayPush(parseImageReference(`${server.host}/other/sno1:1`), pusher),
    present(false),
  )
  t.same(await registry.inspect(image, pusher), { seen: 'absent' })
  t.same(await registry.digest(image, pusher), { seen: 'absent' })
  t.same(await registry.inspect(image, { ...pusher, password: 'wrong' }), {
    seen: 'unknown',
    why: 'forbidden',
  })

  const send = (
    method: string,
    path: string,
    body: string,
    type: string,
  ): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      httpsRequest(`https://${server.host}${path}`, {
        method,
        ca: server.certificateAuthority,
        agent: false,
        headers: {
          authorization: basic,
          'content-type': type,
          'content-length': Buffer.byteLength(body),
        },
      })
        .on('response', response => {
          response.resume()
          response.on('end', () => {
            resolve(response)
          })
        })
        .on('error', reject)
        .end(body)
    })
  const begun = await send('POST', '/v2/ibu/sno1/blobs/uploads/', '', 'text/plain')
  await send(
    'PUT',
    `${begun.headers.location ?? ''}?digest=${digestOf(config)}`,
    config,
    'text/plain',
  )
  t.equal(
    (await send('PUT', '/v2/ibu/sno1/manifests/4.18.5', manifest, manifestType)).statusCode,
    201,
  )
  t.same(await registry.inspect(image, pusher), present(seedImage))
  t.same(await registry.digest(image, pusher), present(seedImage.digest))
  t.same(
    await ociRegistry({ authority: null }).inspect(image, pusher),
    { seen: 'unknown', why: 'unreachable' },
    'an authority that is not trusted',
  )
})

/** One registry of the test's, its image, and what the client said of trouble. */
const scene = async (t: Test, serve: Serve, settings: Partial<RegistrySettings> = {}) => {
  const authority = await createAuthority({ name: 'registry' })
  const server = await startServer(t, { authority, serve })
  const problems: string[] = []
  return {
    ...server,
    authority,
    problems,
    registry: ociRegistry({
      authority: authority.certificate,
      tell: problem => problems.push(problem),
      ...settings,
    }),
    image: parseImageReference(`${server.host}/ibu/sno1:4.18.5`),
  }
}

t.test('with a token service: the password goes there only, the token to the rest', async t => {
  const state = { granted: 'push', status: 200, realm: '' }
  const { registry, image, asked, host } = await scene(t, (request, response, url) => {
    const { authorization } = request.headers
    if (url.pathname === '/token') {
      t.equal(url.searchParams.get('service'), 'the registry')
      t.match(url.searchParams.get('scope'), /^repository:ibu\/sno1:pull(,push(,delete)?)?$/)
      t.equal(url.searchParams.get('account'), 'kept')
      const isKnown = authorization === basic
      response
        .writeHead(isKnown ? state.status : 401)
        .end(JSON.stringify({ token: `to-${state.granted}` }))
    } else if (!authorization)
      response
        .writeHead(401, {
          'www-authenticate': [
            'Digest realm="basic, for nobody"',
            `Bearer realm="${state.realm}",service="the registry",scope="ignored"`,
            'Basic realm="for people, not us"',
          ],
        })
        .end()
    else if (request.method === 'POST')
      response
        .writeHead(authorization === 'Bearer to-push' ? 202 : 403, {
          location: '/v2/ibu/sno1/blobs/uploads/1?state=x',
        })
        .end()
    else if (request.method === 'DELETE') response.writeHead(204).end()
    else if (url.pathname.endsWith('/manifests/4.18.5'))
      response
        .writeHead(200, { 'docker-content-digest': digestOf(manifest) })
        .end(request.method === 'HEAD' ? '' : manifest)
    else response.writeHead(200).end(config)
  })
  state.realm = `https://${host}/token?account=kept`
  t.same(await registry.mayPush(image, { ...pusher, username: 'stranger' }), present(false))
  state.granted = 'pull'
  t.same(await registry.mayPush(image, pusher), present(false))
  state.granted = 'push'
  t.same(await registry.mayPush(image, pusher), present(true))
  t.equal(
    asked.at(-1),
    'DELETE /v2/ibu/sno1/blobs/uploads/1 Bearer to-push',
    'the upload is cancelled',
  )
  const before = asked.length
  t.same(await registry.mayPush(image, pusher), present(true))
  t.equal(asked.length, before, 'a yes is remembered')
  t.same(await registry.inspect(image, pusher), present(seedImage))
  t.same(await registry.digest(image, pusher), present(seedImage.digest))
  for (const line of asked) t.equal(line.includes('Basic'), line.startsWith('GET /token'), line)

  const other = { ...pusher, key: 'other' }
  for (const [status, granted] of [
    [503, 'push'],
    [200, '\r\nx: y'],
  ] as const) {
    Object.assign(state, { status, granted })
    t.same(
      await registry.mayPush(image, other),
      unreachable,
      'a token service in trouble says nothing of rights',
    )
  }
})

t.test('a challenge or a redirect does not choose where the credential goes', async t => {
  const state = { challenge: '', redirect: 0 }
  const { authority, registry, problems, image, asked, host } = await scene(
    t,
    (request, response, url) => {
      if (!request.headers.authorization)
        response.writeHead(401, { 'www-authenticate': state.challenge }).end()
      else if (state.redirect)
        response
          .writeHead(state.redirect, { location: `https://${thief.host}${url.pathname}` })
          .end()
      else response.writeHead(202, { location: `https://${thief.host}/upload` }).end('{}')
    },
  )
  // Its certificate is good: nothing but the client's own rules keeps the credential from it.
  const thief = await startServer(t, {
    authority,
    serve: (_, response) => response.writeHead(200).end('{"token":"a"}'),
  })
  for (const realm of [
    `https://${thief.host}/token`,
    `http://${host}/token`,
    `https://${host}@${thief.host}/token`,
    `https://pusher:secret@${host}/token`,
    `https://localhost:${host.split(':')[1] ?? ''}/token`,
    `file:///etc/passwd`,
  ]) {
    state.challenge = `Bearer realm="${realm}",service="s"`
    const untrusted = { seen: 'unknown', why: 'untrusted-token-service' }
    t.same(await registry.mayPush(image, pusher), untrusted, realm)
    t.same(await registry.inspect(image, pusher), untrusted, realm)
    t.match(problems.at(-1), /^asking 127\.0\.0\.1:\d+: its token service \S+ is not trusted$/)
  }
  for (const challenge of [
    'Bearer realm="nowhere",service="s"',
    'Bearer realm=""',
    'Bearer',
    'Negotiate',
    'Digest realm="basic"',
    '',
  ]) {
    state.challenge = challenge
    t.same(await registry.mayPush(image, pusher), unreachable, challenge)
  }
  t.same(
    asked.filter(line => !line.endsWith(' -')),
    [],
    'nobody got a credential',
  )
  t.notMatch(problems.join(), /canary|secret|etc/)

  state.challenge = `Bearer realm=https://${thief.host}/token, service=s`
  const trusting = ociRegistry({ authority: authority.certificate, tokenHosts: [thief.host] })
  t.same(
    await trusting.mayPush(image, pusher),
    present({ is: 'other-port', at: `https://${thief.host}` }),
    'the operator may trust it',
  )
  t.same(
    thief.asked.splice(0),
    [`GET /token ${basic}`],
    'and it is asked nothing else: an upload elsewhere is not cancelled there',
  )

  state.challenge = 'Basic realm="r"'
  for (const status of [301, 302, 303, 307, 308]) {
    state.redirect = status
    t.same(await registry.mayPush(image, pusher), unreachable)
    t.same(await registry.digest(image, pusher), unreachable, 'only blobs may be elsewhere')
  }
  t.same(thief.asked, [])
})

t.test('a blob elsewhere is fetched without the credential, and must have its digest', async t => {
  const elsewhere = { content: config }
  const { registry, problems, image, asked, host } = await scene(t, (request, response, url) => {
    if (url.pathname === '/elsewhere') response.end(elsewhere.content)
    else serveImage(() => `https://pusher:x@${host}/elsewhere`)(request, response, url)
  })
  t.same(await registry.inspect(image, pusher), present(seedImage))
  t.ok(asked.includes('GET /elsewhere -'))
  elsewhere.content = config.replace('sno1', 'sno2')
  t.same(await registry.inspect(image, pusher), unreachable)
  t.match(problems, [/another digest/])
})

t.test('what is no answer of a registry proves nothing', async t => {
  const state: { serve: Serve } = { serve: () => undefined }
  const { registry, image } = await scene(t, (...call) => {
    state.serve(...call)
  })
  const digest = { 'docker-content-digest': digestOf(manifest) }
  const says =
    (content: string, headers = {}): Serve =>
    (_, response, url) =>
      // The configuration is good: what is wrong is the manifest alone.
      url.pathname.includes('/blobs/')
        ? response.end(config)
        : response.writeHead(200, headers).end(content)
  const serves: Record<string, Serve> = {
    trouble: (_, response) => response.writeHead(503).end(),
    'a login page': says('<html>', digest),
    'a gateway’s 404': (_, response) => response.writeHead(404).end('<html>'),
    'another 404': (_, response) => response.writeHead(404).end('{"errors":[]}'),
    'a digest that is not its own': says(manifest, {
      'docker-content-digest': digestOf('another'),
    }),
    'a digest that is none': says(manifest, { 'docker-content-digest': 'sha256:../../x' }),
    'an image that is an index too': says(manifest.replace('"layers"', '"manifests"')),
    'a configuration that is a path': says(manifest.replace(digestOf(config), '../../../secret')),
    'schema 1': says('{"schemaVersion":1,"config":{"digest":"x"}}'),
    'a torn answer': (_, response) => {
      response.writeHead(200, { ...digest, 'content-length': 1000 }).write('{"config"')
      setImmediate(() => response.destroy())
    },
    'no answer': (_, response) => response.destroy(),
  }
  for (const [title, serve] of Object.entries(serves)) {
    state.serve = serve
    t.same(await registry.inspect(image, pusher), unreachable, title)
  }
  const sent = { bytes: 0 }
  state.serve = (_, response) => {
    response.writeHead(200, digest)
    const more = (): void => {
      while (!response.destroyed && sent.bytes < 1e8) {
        sent.bytes += 65_536
        if (!response.write(Buffer.alloc(65_536, ' '))) return void response.once('drain', more)
      }
      response.end(manifest)
    }
    more()
  }
  t.same(await registry.inspect(image, pusher), unreachable)
  t.ok(sent.bytes > 4 * 1024 * 1024 && sent.bytes < 5e7, 'a huge answer is not read to its end')
  const closed = createPlainServer()
  await once(closed.listen(0, '127.0.0.1'), 'listening')
  const { port } = closed.address() as AddressInfo
  await new Promise(resolve => closed.close(resolve))
  const nowhere = parseImageReference(`127.0.0.1:${port}/ibu/sno1:1`)
  t.same(await registry.mayPush(nowhere, pusher), unreachable)
  t.same(await registry.inspect(nowhere, pusher), unreachable)
  t.same(await registry.digest(nowhere, pusher), unreachable)
})

t.test('a tag is absent only when a registry says so, and its digest may need a GET', async t => {
  const state: { head: number; get: Serve } = { head: 404, get: () => undefined }
  const { registry, image, asked } = await scene(t, (request, response, url) => {
    if (request.method === 'HEAD') response.writeHead(state.head).end()
    else state.get(request, response, url)
  })
  state.get = (_, response) => response.writeHead(404).end('404 page not found')
  t.same(await registry.digest(image, pusher), unreachable)
  state.get = (_, response) =>
    response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"x"}]}')
  t.same(await registry.digest(image, pusher), { seen: 'absent' })
  state.get = (_, response) => response.end(manifest)
  for (const head of [200, 405]) {
    state.head = head
    t.same(await registry.digest(image, pusher), present(digestOf(manifest)))
  }
  t.match(asked.at(-1), /^GET /)
})

t.test('a server that never ends its answer costs one time limit', async t => {
  const serves: Record<string, Serve> = {
    'no answer': () => undefined,
    'a slow body': (_, response) => {
      const drip = setInterval(() => response.write(' '), 5)
      response.on('close', () => {
        clearInterval(drip)
      })
    },
  }
  for (const [title, serve] of Object.entries(serves)) {
    const { registry, image, problems } = await scene(t, serve, { timeLimit: 200 })
    const timeout = { seen: 'unknown', why: 'timeout' }
    t.same(await registry.mayPush(image, pusher), timeout, title)
    t.same(await registry.inspect(image, pusher), timeout, title)
    t.match(problems, [/: timed out$/], 'what goes on is told once')
    t.equal(problems.length, 1)
  }
})

t.test('labels that are missing or broken are null', async t => {
  const state = { config: '' }
  const contentOf = () =>
    JSON.stringify({ schemaVersion: 2, config: { digest: digestOf(state.config) } })
  const { registry, image } = await scene(t, (_, response, url) =>
    response.end(url.pathname.includes('/blobs/') ? state.config : contentOf()),
  )
  for (const broken of [
    '{}',
    '{"config":{"Labels":null}}',
    'no JSON',
    '{"config":{"Labels":{"com.openshift.lifecycle-agent.seed_cluster_info":"{"}}}',
  ]) {
    state.config = broken
    t.same(
      await registry.inspect(image, pusher),
      present({
        ...{ digest: digestOf(contentOf()), format: null, cluster: null, version: null },
        ...{ hasProxy: null, hasFips: null },
      }),
      broken,
    )
  }
})
