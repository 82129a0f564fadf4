import { createPrivateKey, sign, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { ociRegistry } from '../../../src/adapters/registry/oci-registry.ts'
import { parseImageReference } from '../../../src/core/seedgen/image-reference.ts'
import { createAuthority, type Authority } from '../../../src/sandbox/kubernetes/authority.ts'
import { directoryWith } from '../../support/directory-with.ts'
import {
  htpasswd,
  openUploads,
  pushWithSkopeo,
  skipped,
  startDebianRegistry,
  writeLayout,
} from '../../support/registry/debian-registry.ts'

const password = 'p:canary'
const pusher = { key: 'any', username: 'pusher', password }
const labels = {
  'com.openshift.lifecycle-agent.seed_format_version': '4',
  'com.openshift.lifecycle-agent.seed_cluster_info': JSON.stringify({
    ...{ cluster_name: 'sno1', seed_cluster_ocp_version: '4.18.5' },
  }),
}
const present = (value: unknown) => ({ seen: 'present', value })
const forbidden = { seen: 'unknown', why: 'forbidden' }
const unreachable = { seen: 'unknown', why: 'unreachable' }

/** Where images are kept, an authority, who may come in, and two layouts to push. */
const prepare = async (t: Test) => {
  const line = skipped ? '' : await htpasswd('pusher', password)
  const top = directoryWith(t, { htpasswd: line })
  const [image, index] = [join(top, 'image'), join(top, 'index')]
  mkdirSync(join(top, 'kept'))
  return {
    directory: join(top, 'kept'),
    layouts: { image, index },
    digests: {
      image: writeLayout(image, { labels }),
      index: writeLayout(index, { labels, isIndex: true }),
    },
    authority: await createAuthority({ name: 'registry' }),
    auth: { htpasswd: { realm: 'a test', path: join(top, 'htpasswd') } },
  }
}

t.test(
  'Debian’s registry with passwords: who may push, what a tag is',
  { skip: skipped },
  async t => {
    const { directory, layouts, digests, authority, auth } = await prepare(t)
    const host = await startDebianRegistry(t, { directory, authority, auth })
    const problems: string[] = []
    const registry = ociRegistry({
      authority: authority.certificate,
      tell: problem => problems.push(problem),
    })
    const tagged = (tag: string) => parseImageReference(`${host}/ibu/sno1:${tag}`)
    const push = (layout: string, tag: string, ...options: readonly string[]) =>
      pushWithSkopeo(t, {
        layout,
        image: `${host}/ibu/sno1:${tag}`,
        authority,
        auth: `pusher:${password}`,
        options,
      })

    t.same(await registry.digest(tagged('1'), pusher), { seen: 'absent' }, 'no such repository')
    await push(layouts.image, '1', '--preserve-digests')
    t.same(await registry.digest(tagged('1'), pusher), present(digests.image))
    t.same(
      await registry.inspect(tagged('1'), pusher),
      present({
        ...{ digest: digests.image, format: '4', cluster: 'sno1', version: '4.18.5' },
        ...{ hasProxy: null, hasFips: null },
      }),
    )
    t.same(await registry.digest(tagged('2'), pusher), { seen: 'absent' }, 'no such tag')
    t.same(await registry.inspect(tagged('2'), pusher), { seen: 'absent' })

    const impostor = { ...pusher, password: 'wrong' }
    t.same(await registry.mayPush(tagged('1'), impostor), present(false))
    t.same(await registry.inspect(tagged('1'), impostor), forbidden)
    t.same(await registry.digest(tagged('1'), impostor), forbidden)
    t.same(await registry.mayPush(tagged('1'), pusher), present(true))
    const unused = parseImageReference(`${host}/ibu/new:1`)
    t.same(await registry.mayPush(unused, pusher), present(true))
    t.same(openUploads(directory, 'ibu/sno1'), [], 'the upload is cancelled')
    t.same(openUploads(directory, 'ibu/new'), [])
    t.same(await registry.digest(unused, pusher), { seen: 'absent' }, 'nothing was made')

    await push(layouts.image, 'docker', '--format=v2s2')
    t.match(
      await registry.inspect(tagged('docker'), pusher),
      present({ format: '4', cluster: 'sno1', version: '4.18.5' }),
    )
    await push(layouts.index, 'many', '--all', '--preserve-digests')
    t.same(await registry.digest(tagged('many'), pusher), present(digests.index))
    t.same(
      await registry.inspect(tagged('many'), pusher),
      present({ digest: digests.index, format: null, cluster: null, version: null }),
      'an index has no labels, whatever its images have',
    )
    t.same(problems, [])
    await push(layouts.image, 'old', '--format=v2s1')
    t.same(await registry.inspect(tagged('old'), pusher), unreachable)
    t.equal(problems.length, 1)
    t.match(problems[0], /the manifest/)

    const stranger = ociRegistry({ authority: null, tell: problem => problems.push(problem) })
    t.same(await stranger.mayPush(tagged('1'), pusher), unreachable)
    t.match(problems[1], /certificate/)
    t.same(
      await ociRegistry({ authority: null, insecure: [host] }).digest(tagged('1'), pusher),
      present(digests.image),
      'the operator may say that its certificate does not matter',
    )
  },
)

t.test(
  'Debian’s registry without TLS is asked only when configured',
  { skip: skipped },
  async t => {
    const { directory, auth } = await prepare(t)
    const host = await startDebianRegistry(t, { directory, authority: null, auth })
    const image = parseImageReference(`${host}/ibu/sno1:1`)
    for (const insecure of [[], [host]])
      t.same(await ociRegistry({ authority: null, insecure }).mayPush(image, pusher), unreachable)
    const registry = ociRegistry({ authority: null, insecure: [`http://${host}`] })
    t.same(await registry.mayPush(image, pusher), present(true))
    t.same(openUploads(directory, 'ibu/sno1'), [])
    const begun = await fetch(`http://${host}/v2/ibu/sno1/blobs/uploads/`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`pusher:${password}`).toString('base64')}` },
    })
    await begun.body?.cancel()
    t.equal(openUploads(directory, 'ibu/sno1').length, 1, 'one that nobody cancels is seen')
    t.same(await registry.digest(image, pusher), { seen: 'absent' })
  },
)

const identityToken = 'identity-canary/+='

/** A token service as distribution describes it: it signs what each user, or the holder of a token, may do. */
const startTokenService = async (
  t: Test,
  authority: Authority,
  granted: Readonly<Record<string, readonly string[]>>,
) => {
  const { certificate, key } = await authority.issueServer({ hosts: ['127.0.0.1'] })
  const x5c = [new X509Certificate(certificate).raw.toString('base64')]
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const scopes: string[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const isForm = request.method === 'POST'
    const { searchParams } = isForm
      ? { searchParams: new URLSearchParams(await text(request)) }
      : new URL(request.url ?? '', 'https://tokens')
    const [user = '', given] = Buffer.from(request.headers.authorization?.slice(6) ?? '', 'base64')
      .toString()
      .split(/:(.*)/s)
    const actions = granted[isForm ? 'holder' : user]
    const isKnown = isForm
      ? searchParams.get('grant_type') === 'refresh_token' &&
        searchParams.get('refresh_token') === identityToken
      : given === password
    if (!isKnown || !actions)
      return response.writeHead(isForm ? 400 : 401).end('{"error":"invalid_grant"}')
    const scope = searchParams.get('scope') ?? ''
    scopes.push(scope)
    const [type, name, wanted = ''] = scope.split(':')
    const now = Math.floor(Date.now() / 1000)
    const content = [
      encode({ typ: 'JWT', alg: 'ES256', x5c }),
      encode({
        iss: 'a test',
        sub: user,
        aud: searchParams.get('service'),
        nbf: now - 60,
        iat: now,
        exp: now + 300,
        jti: String(scopes.length),
        access: [{ type, name, actions: wanted.split(',').filter(each => actions.includes(each)) }],
      }),
    ].join('.')
    const signature = sign('sha256', Buffer.from(content), {
      key: createPrivateKey(key),
      dsaEncoding: 'ieee-p1363',
    })
    const token = `${content}.${signature.toString('base64url')}`
    return response.end(JSON.stringify(isForm ? { access_token: token } : { token }))
  }
  const server = createServer({ cert: certificate, key }, (request, response) => {
    void answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, scopes }
}

t.test('Debian’s registry with a token service elsewhere', { skip: skipped }, async t => {
  const { directory, layouts, digests, authority } = await prepare(t)
  const tokens = await startTokenService(t, authority, {
    pusher: ['pull', 'push', 'delete'],
    keeper: ['pull', 'push'],
    puller: ['pull'],
    holder: ['pull', 'push', 'delete'],
  })
  const host = await startDebianRegistry(t, {
    directory,
    authority,
    auth: {
      token: {
        realm: `https://${tokens.host}/token`,
        service: 'a registry',
        issuer: 'a test',
        rootcertbundle: join(directoryWith(t, { 'ca.pem': authority.certificate }), 'ca.pem'),
      },
    },
  })
  const image = parseImageReference(`${host}/ibu/sno1:1`)
  const puller = { ...pusher, username: 'puller' }
  const problems: string[] = []
  const wary = ociRegistry({
    authority: authority.certificate,
    tell: problem => problems.push(problem),
  })
  const untrusted = { seen: 'unknown', why: 'untrusted-token-service' }
  t.same(await wary.mayPush(image, pusher), untrusted)
  t.same(await wary.inspect(image, pusher), untrusted)
  t.same(tokens.scopes, [], 'it got no password')
  t.same(problems, [`asking ${host}: its token service https://${tokens.host} is not trusted`])

  const registry = ociRegistry({ authority: authority.certificate, tokenHosts: [tokens.host] })
  t.same(await registry.mayPush(image, puller), present(false), 'the right password, no right')
  t.same(await registry.mayPush(image, { ...pusher, password: 'wrong' }), present(false))
  t.same(await registry.mayPush(image, pusher), present(true))
  t.same(openUploads(directory, 'ibu/sno1'), [])
  t.same(await registry.mayPush(image, { ...pusher, username: 'keeper' }), present(true))
  t.equal(openUploads(directory, 'ibu/sno1').length, 1, 'to cancel needs the right to delete')
  t.same(await registry.digest(image, puller), { seen: 'absent' })
  await pushWithSkopeo(t, {
    layout: layouts.image,
    image: image.text,
    authority,
    auth: `pusher:${password}`,
    options: ['--preserve-digests'],
  })
  t.same(
    await registry.inspect(image, puller),
    present({
      ...{ digest: digests.image, format: '4', cluster: 'sno1', version: '4.18.5' },
      ...{ hasProxy: null, hasFips: null },
    }),
  )
  t.same(await registry.inspect(image, { ...pusher, username: 'nobody' }), forbidden)

  const holder = { key: 'any', username: '', password: '', identityToken }
  const other = parseImageReference(`${host}/ibu/sno2:1`)
  t.same(await wary.mayPush(other, holder), untrusted)
  t.same(await registry.mayPush(other, { ...holder, identityToken: 'another' }), present(false))
  t.same(await registry.mayPush(other, holder), present(true), 'an identity token')
  t.same(openUploads(directory, 'ibu/sno2'), [])
  t.same(await registry.digest(image, holder), present(digests.image))
  const push = (token: string) =>
    pushWithSkopeo(t, {
      layout: layouts.image,
      image: other.text,
      authority,
      auth: ':',
      identityToken: token,
    })
  await t.rejects(push('another'), /access token/, 'as skopeo cannot with it')
  await push(identityToken)
  t.match(await registry.inspect(other, holder), present({ cluster: 'sno1' }), 'as skopeo can')
})
