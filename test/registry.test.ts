import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, request as httpsRequest } from 'node:https'
import { createServer as createPlainServer, type AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { ociRegistry } from '../src/adapters/registry.ts'
import { parseImageReference } from '../src/core/seedgen/image-reference.ts'
import { createAuthority } from '../src/sandbox/kubernetes/authority.ts'
import { startRegistry } from '../src/sandbox/registry/start-registry.ts'

const password = 'p:canary'
const pusher = { key: 'any', username: 'pusher', password }
const basic = `Basic ${Buffer.from(`pusher:${password}`).toString('base64')}`
const digestOf = (content: string): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`
const config = JSON.stringify({
  config: {
    Labels: {
      'com.openshift.lifecycle-agent.seed_format_version': '3',
      'com.openshift.lifecycle-agent.seed_cluster_info': JSON.stringify({ cluster_name: 'sno1' }),
    },
  },
})
const manifestType = 'application/vnd.oci.image.manifest.v1+json'
const manifest = JSON.stringify({
  schemaVersion: 2,
  mediaType: manifestType,
  config: { digest: digestOf(config) },
  layers: [],
})
const seedImage = { digest: digestOf(manifest), format: '3', cluster: 'sno1' }

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
  const present = (value: unknown) => ({ seen: 'present', value })
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

type Serve = (request: IncomingMessage, response: ServerResponse, url: URL) => void

/** A registry whose answers the test gives; it writes down what it was asked and with which credentials. */
const startServer = async (t: Test, serve: Serve) => {
  const authority = await createAuthority({ name: 'registry' })
  const { certificate, key } = await authority.issueServer({ hosts: ['127.0.0.1'] })
  const asked: string[] = []
  const server = createServer({ cert: certificate, key }, (request, response) => {
    const url = new URL(request.url ?? '', 'https://registry')
    asked.push(`${request.method ?? ''} ${url.pathname} ${request.headers.authorization ?? '-'}`)
    serve(request, response, url)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    host,
    asked,
    registry: ociRegistry({ authority: authority.certificate }),
    image: parseImageReference(`${host}/ibu/sno1:4.18.5`),
  }
}

t.test('with a token service: the password goes there only, the token to the rest', async t => {
  const state = { granted: 'push', status: 200 }
  const { registry, image, asked, host } = await startServer(t, (request, response, url) => {
    const { authorization } = request.headers
    if (url.pathname === '/token') {
      t.equal(url.searchParams.get('service'), 'the registry')
      t.match(url.searchParams.get('scope'), /^repository:ibu\/sno1:pull(,push)?$/)
      const isKnown = authorization === basic
      response
        .writeHead(isKnown ? state.status : 401)
        .end(JSON.stringify({ token: `to-${state.granted}` }))
    } else if (!authorization)
      response
        .writeHead(401, {
          'www-authenticate': `Bearer realm="https://${host}/token",service="the registry",scope="ignored"`,
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
  t.same(await registry.mayPush(image, { ...pusher, username: 'stranger' }), {
    seen: 'present',
    value: false,
  })
  state.granted = 'pull'
  t.same(await registry.mayPush(image, pusher), { seen: 'present', value: false })
  state.granted = 'push'
  t.same(await registry.mayPush(image, pusher), { seen: 'present', value: true })
  t.equal(
    asked.at(-1),
    'DELETE /v2/ibu/sno1/blobs/uploads/1 Bearer to-push',
    'the upload is cancelled',
  )
  const before = asked.length
  t.same(await registry.mayPush(image, pusher), { seen: 'present', value: true })
  t.equal(asked.length, before, 'a yes is remembered')
  t.same(await registry.inspect(image, pusher), { seen: 'present', value: seedImage })
  t.same(await registry.digest(image, pusher), { seen: 'present', value: seedImage.digest })
  for (const line of asked) t.equal(line.includes('Basic'), line.startsWith('GET /token'), line)

  state.status = 503
  const other = { ...pusher, key: 'other' }
  t.same(
    await registry.mayPush(image, other),
    { seen: 'unknown', why: 'unreachable' },
    'a token service in trouble says nothing of rights',
  )
})

t.test('a challenge or a redirect does not choose where the credential goes', async t => {
  const thief = await startServer(t, (_, response) =>
    response.writeHead(200, { 'docker-content-digest': 'x' }).end('{"token":"a"}'),
  )
  const state: { challenge: string; redirect: number } = { challenge: '', redirect: 0 }
  const { registry, image, asked, host } = await startServer(t, (request, response, url) => {
    if (!request.headers.authorization)
      response.writeHead(401, { 'www-authenticate': state.challenge }).end()
    else if (state.redirect)
      response.writeHead(state.redirect, { location: `https://${thief.host}${url.pathname}` }).end()
    else response.writeHead(200).end('{}')
  })
  const unreachable = { seen: 'unknown', why: 'unreachable' }
  for (const realm of [
    `https://${thief.host}/token`,
    `http://${host}/token`,
    `https://${host}@${thief.host}/token`,
    'nowhere',
    '',
  ]) {
    state.challenge = `Bearer realm="${realm}",service="s"`
    t.same(await registry.mayPush(image, pusher), unreachable, realm)
    t.same(await registry.inspect(image, pusher), unreachable, realm)
  }
  t.same(
    asked.filter(line => !line.endsWith(' -')),
    [],
    'nobody got a credential',
  )
  state.challenge = 'Basic realm="r"'
  for (const status of [301, 302, 307, 308]) {
    state.redirect = status
    t.same(await registry.mayPush(image, pusher), unreachable)
    t.same(await registry.inspect(image, pusher), unreachable)
    t.same(await registry.digest(image, pusher), unreachable)
  }
  t.same(thief.asked, [])
})

t.test('a blob elsewhere is fetched without the credential, and must have its digest', async t => {
  const authority = { content: config }
  const { registry, image, asked, host } = await startServer(t, (request, response, url) => {
    if (url.pathname === '/elsewhere') response.writeHead(200).end(authority.content)
    else if (!request.headers.authorization)
      response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end()
    else if (url.pathname.includes('/blobs/'))
      response.writeHead(307, { location: `https://${host}/elsewhere` }).end()
    else response.writeHead(200, { 'docker-content-digest': digestOf(manifest) }).end(manifest)
  })
  t.same(await registry.inspect(image, pusher), { seen: 'present', value: seedImage })
  t.ok(asked.includes('GET /elsewhere -'))
  authority.content = config.replace('sno1', 'sno2')
  t.same(await registry.inspect(image, pusher), { seen: 'unknown', why: 'unreachable' })
})

t.test('what is no answer of a registry proves nothing', async t => {
  const state: { serve: Serve } = { serve: () => undefined }
  const { registry, image } = await startServer(t, (...call) => {
    state.serve(...call)
  })
  const unreachable = { seen: 'unknown', why: 'unreachable' }
  const digest = { 'docker-content-digest': digestOf(manifest) }
  const serves: Record<string, Serve> = {
    trouble: (_, response) => response.writeHead(503).end(),
    'a login page': (_, response) => response.writeHead(200, digest).end('<html>'),
    'no digest': (_, response) => response.writeHead(200).end(manifest),
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

t.test('labels that are missing or broken are null', async t => {
  const state = { config: '' }
  const { registry, image } = await startServer(t, (_, response, url) => {
    const content = JSON.stringify({ config: { digest: digestOf(state.config) } })
    if (url.pathname.includes('/blobs/')) response.writeHead(200).end(state.config)
    else response.writeHead(200, { 'docker-content-digest': 'sha256:m' }).end(content)
  })
  for (const broken of [
    '{}',
    '{"config":{"Labels":null}}',
    'no JSON',
    '{"config":{"Labels":{"com.openshift.lifecycle-agent.seed_cluster_info":"{"}}}',
  ]) {
    state.config = broken
    t.same(
      await registry.inspect(image, pusher),
      {
        seen: 'present',
        value: { digest: 'sha256:m', format: null, cluster: null },
      },
      broken,
    )
  }
})
