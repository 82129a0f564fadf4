import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { execa } from 'execa'
import t, { type Test } from 'tap'
import { ociRegistry } from '../../../src/adapters/registry/oci-registry.ts'
import { parseImageReference } from '../../../src/core/seedgen/image-reference.ts'
import { createAuthority } from '../../../src/sandbox/kubernetes/authority.ts'
import { directoryWith } from '../../support/directory-with.ts'
import {
  digestOf,
  manifest,
  present,
  seedImage,
  serveImage,
  startServer,
  unreachable,
} from '../../support/registry/registry-server.ts'
import { alone } from '../../support/run-sower.ts'

const identityToken = 'identity-canary-%/+='
const holder = { key: 'any', username: 'me', password: '', identityToken }
const untrusted = { seen: 'unknown', why: 'untrusted-token-service' }

/** What one request to the token service held. */
type Told = Readonly<{
  line: string
  type: string | undefined
  authorization: string | undefined
  form: Readonly<Record<string, string>>
}>

const noteOf = async (request: IncomingMessage): Promise<Told> => ({
  line: `${request.method ?? ''} ${request.url ?? ''}`,
  type: request.headers['content-type'],
  authorization: request.headers.authorization,
  form: Object.fromEntries(new URLSearchParams(await text(request))),
})

/** A registry with a token service that knows identity tokens, and one that is not trusted. */
const scene = async (t: Test) => {
  const state = { status: 200, answer: '{"access_token":"access"}', challenge: '' }
  const told: Told[] = []
  const authority = await createAuthority({ name: 'registry' })
  const start = (isToken: (path: string) => boolean) =>
    startServer(t, {
      authority,
      serve: (request, response, url) => {
        if (isToken(url.pathname))
          void noteOf(request).then(note => {
            told.push(note)
            response.writeHead(state.status, { location: '/elsewhere' }).end(state.answer)
          })
        else if (request.headers.authorization !== 'Bearer access')
          response.writeHead(401, { 'www-authenticate': state.challenge }).end()
        else if (request.method === 'POST')
          response.writeHead(202, { location: '/v2/ibu/sno1/blobs/uploads/1' }).end()
        else if (request.method === 'DELETE') response.writeHead(204).end()
        else if (url.pathname.includes('/blobs/')) serveImage()(request, response, url)
        else
          response
            .writeHead(200, { 'docker-content-digest': digestOf(manifest) })
            .end(request.method === 'HEAD' ? '' : manifest)
      },
    })
  const own = await start(path => path === '/token')
  const other = await start(() => true)
  const problems: string[] = []
  const client = (tokenHosts: readonly string[] = []) =>
    ociRegistry({
      authority: authority.certificate,
      tokenHosts,
      tell: problem => problems.push(problem),
    })
  state.challenge = `Bearer realm="https://${own.host}/token?a=b",service="the registry"`
  return {
    state,
    told,
    own,
    other,
    problems,
    client,
    registry: client(),
    image: parseImageReference(`${own.host}/ibu/sno1:4.18.5`),
  }
}

t.test('an identity token is traded for access at the token service, in a form', async t => {
  const { state, told, own, problems, registry, image } = await scene(t)
  t.same(await registry.mayPush(image, holder), present(true))
  t.same(told[0], {
    line: 'POST /token?a=b',
    type: 'application/x-www-form-urlencoded',
    authorization: undefined,
    form: {
      a: 'b',
      service: 'the registry',
      scope: 'repository:ibu/sno1:pull,push',
      grant_type: 'refresh_token',
      refresh_token: identityToken,
      client_id: 'sower',
    },
  })
  t.same(await registry.digest(image, holder), present(seedImage.digest))
  t.equal(told.at(-1)?.form['scope'], 'repository:ibu/sno1:pull')
  for (const line of own.asked)
    t.match(line, line.includes(' /token ') ? / -$/ : / (?:-|Bearer access)$/, line)

  const before = told.length
  t.same(await registry.mayPush(image, { ...holder, password: 'other' }), present(true))
  t.equal(told.at(before)?.line, 'POST /token?a=b', 'it counts more than a password beside it')
  state.answer = '{"token":"access"}'
  t.same(await registry.mayPush(image, { ...holder, key: 'a' }), present(true))
  state.challenge = state.challenge.replace(/,service=.*/, '')
  t.same(await registry.mayPush(image, { ...holder, key: 'b' }), present(true))
  t.notOk('service' in (told.at(-1)?.form ?? {}), 'what the challenge does not say is not sent')
  t.same(problems, [])
})

t.test('a token service refuses an identity token, or has trouble, or knows none', async t => {
  const { state, problems, client, image } = await scene(t)
  const answers: readonly (readonly [number, string, object, RegExp | null])[] = [
    [400, '{"error":"invalid_grant"}', present(false), null],
    [401, '', present(false), null],
    [403, 'no', present(false), null],
    [400, '{"error":"invalid_request"}', unreachable, /its token service answered 400$/],
    [400, identityToken, unreachable, /its token service answered 400$/],
    [404, '', unreachable, /takes no identity tokens: it answered 404$/],
    [405, '', unreachable, /takes no identity tokens: it answered 405$/],
    [307, '', unreachable, /its token service answered 307$/],
    [503, '', unreachable, /its token service answered 503$/],
    [200, `{"refresh_token":"${identityToken}"}`, unreachable, /gave no token$/],
    [200, '{"access_token":5}', unreachable, /gave no token$/],
  ]
  for (const [status, answer, wanted, says] of answers) {
    problems.length = 0
    Object.assign(state, { status, answer })
    t.same(await client().mayPush(image, holder), wanted, `${status} ${answer}`)
    t.match(problems, says === null ? [] : [says])
    t.notMatch(problems.join(), /canary/)
  }
})

t.test('no challenge sends an identity token where a password would not go', async t => {
  const { state, told, own, other, problems, client, registry, image } = await scene(t)
  for (const realm of [
    `https://${other.host}/token`,
    `http://${own.host}/token`,
    `https://${own.host}@${other.host}/token`,
  ]) {
    state.challenge = `Bearer realm="${realm}",service="s"`
    t.same(await registry.mayPush(image, holder), untrusted, realm)
    t.same(await registry.digest(image, holder), untrusted, realm)
  }
  t.same(told, [])
  state.challenge = `Bearer realm="https://${other.host}/token",service="s"`
  t.same(await client([other.host]).mayPush(image, holder), present(true))
  t.equal(told[0]?.form['refresh_token'], identityToken, 'the operator may trust that host')

  own.asked.length = 0
  for (const challenge of ['Basic realm="r"', `Basic realm="r", ${state.challenge}`, 'basic']) {
    state.challenge = challenge
    t.same(await registry.mayPush(image, holder), present(false), challenge)
    t.equal(
      own.asked.at(-1)?.split(' ').slice(2).join(' '),
      `Basic ${Buffer.from('me:').toString('base64')}`,
      'where Basic comes first it is user and password, as with podman',
    )
  }
  t.notMatch([...own.asked, ...other.asked, ...problems].join(), /canary/, 'in no URL')
})

t.test('a registry that never has enough is asked twice, not for ever', async t => {
  const { state, told, own, registry, image } = await scene(t)
  state.answer = '{"access_token":"never enough"}'
  t.same(await registry.mayPush(image, holder), present(false))
  t.equal(own.asked.length, 3, 'the question, the token, the question')
  t.equal(told.length, 1)
})

t.test('what node prints when it is asked for everything holds no credential', async t => {
  const { state, own, other, image } = await scene(t)
  const directory = directoryWith(t, {})
  const outfile = join(directory, 'registry.mjs')
  await build({
    entryPoints: [
      fileURLToPath(new URL('../../../src/adapters/registry/oci-registry.ts', import.meta.url)),
    ],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
  })
  const credential = { ...holder, username: 'pusher', password: 'password-canary' }
  const script = `import { ociRegistry } from ${JSON.stringify(outfile)}
    const registry = ociRegistry({ authority: null, insecure: [${JSON.stringify(own.host)}] })
    console.log(await registry.mayPush(${JSON.stringify(image)}, ${JSON.stringify(credential)}))`
  for (const challenge of [state.challenge, 'Basic realm="r"']) {
    state.challenge = challenge
    const [program, ...words] = alone(
      { NODE_DEBUG: '*' },
      ...[process.execPath, '--input-type=module', '--eval', script],
    )
    const { stdout, stderr } = await execa(program, words)
    t.match(stdout, /seen: 'present'/)
    t.match(stderr, /HTTPS? \d+: /, 'the logs are on')
    const basic = Buffer.from('pusher:password-canary').toString('base64')
    for (const value of ['password-canary', encodeURIComponent(identityToken), 'Bearer', basic])
      t.notOk(stderr.includes(value), `${challenge}: ${value}`)
  }
  t.same(other.asked, [])
})
