import t, { type Test } from 'tap'
import { ociRegistry } from '../../../src/adapters/registry/oci-registry.ts'
import { proxyFor, wayTo } from '../../../src/adapters/registry/proxy-for.ts'
import { parseImageReference } from '../../../src/core/seedgen/image-reference.ts'
import { createAuthority } from '../../../src/sandbox/kubernetes/authority.ts'
import {
  basic,
  config,
  manifest,
  present,
  pusher,
  seedImage,
  serveImage,
  startProxy,
  startServer,
  unreachable,
  type Serve,
} from '../../support/registry/registry-server.ts'

const name = 'registry.example.test'
const image = parseImageReference(`${name}/ibu/sno1:1`)

/** A registry that only the proxy can find. */
const behindProxy = async (t: Test, serve: Serve = serveImage()) => {
  const authority = await createAuthority({ name: 'registry' })
  const hosts = [name, 'blobs.example.test', 'registry-1.docker.io', 'auth.docker.io']
  const server = await startServer(t, { authority, hosts, serve })
  const places = Object.fromEntries(hosts.map(host => [`${host}:443`, server.port]))
  const problems: string[] = []
  const tell = (problem: string): void => void problems.push(problem)
  return { authority, server, places, problems, tell }
}

t.test('which requests go to a proxy', t => {
  const environment = {
    HTTPS_PROXY: 'proxy.example.com:3128',
    http_proxy: 'http://user:canary@proxy.example.com',
    no_proxy:
      'example.net, .sub.example.org,*.star.example.org,10.0.0.0/8,192.0.2.7,port.example:8443,fd00::/8,2001:db8::1,bad/range,10.0.0.0/99',
  }
  const direct = [
    'https://localhost:5000',
    'https://127.0.0.2',
    'http://[::1]:5000',
    'https://example.net',
    'https://registry.example.net:5000',
    'https://x.sub.example.org',
    'https://x.star.example.org',
    'https://10.20.30.40',
    'https://192.0.2.7:5000',
    'https://port.example:8443',
    'https://[fd00::5]',
    'https://[2001:db8::1]',
  ]
  const proxied = [
    'https://notexample.net',
    'https://sub.example.org',
    'https://11.0.0.1',
    'https://1192.0.2.7.example',
    'https://port.example',
    'https://[2001:db8::2]',
    'https://bad',
  ]
  for (const url of direct) t.equal(proxyFor(new URL(url), environment), null, url)
  for (const url of proxied)
    t.equal(proxyFor(new URL(url), environment)?.href, 'http://proxy.example.com:3128/', url)
  t.equal(proxyFor(new URL('http://quay.io'), environment)?.username, 'user')
  t.equal(proxyFor(new URL('https://quay.io'), { ...environment, NO_PROXY: '*' }), null)
  t.equal(proxyFor(new URL('https://quay.io'), {}), null)
  t.end()
})

t.test('a registry behind a proxy: the proxy’s password and the registry’s stay apart', async t => {
  for (const isSecure of [false, true]) {
    const { authority, server, places } = await behindProxy(t)
    const proxy = await startProxy(t, { places, authority: isSecure ? authority : null })
    const concealed: string[] = []
    const registry = ociRegistry({
      authority: authority.certificate,
      environment: {
        HTTPS_PROXY: `${isSecure ? 'https' : 'http'}://me:se%40cret@${proxy.host}`,
      },
      conceal: secret => concealed.push(secret),
    })
    t.same(await registry.mayPush(image, pusher), present(true))
    t.same(await registry.inspect(image, pusher), present(seedImage))
    t.same(concealed, ['se%40cret', 'se@cret'])
    const login = `Basic ${Buffer.from('me:se@cret').toString('base64')}`
    for (const line of proxy.asked) t.equal(line, `CONNECT ${name}:443 ${login}`)
    for (const line of server.asked) t.match(line, new RegExp(`(?: -|${basic})$`))
    t.equal(proxy.asked.length, server.asked.length)
  }
})

t.test('behind a proxy too, a certificate must be good before anything is said', async t => {
  const { authority, server, places, problems, tell } = await behindProxy(t)
  const proxy = await startProxy(t, { places, authority: null })
  const environment = { HTTPS_PROXY: `http://${proxy.host}` }
  const stranger = await createAuthority({ name: 'another' })
  const registry = ociRegistry({ authority: stranger.certificate, environment, tell })
  t.same(await registry.mayPush(image, pusher), unreachable)
  t.match(problems, [/certificate|self-signed|issuer/])
  const other = { ...places, 'wrong.example.test:443': server.port }
  const elsewhere = await startProxy(t, { places: other, authority: null })
  t.same(
    await ociRegistry({
      authority: authority.certificate,
      environment: { HTTPS_PROXY: elsewhere.host },
      tell,
    }).mayPush(parseImageReference('wrong.example.test/ibu/sno1:1'), pusher),
    unreachable,
  )
  t.match(problems[1], /altnames/)
  t.same(server.asked, [], 'the registry was told nothing')
})

t.test('a registry without TLS is asked through the proxy for such', async t => {
  const server = await startServer(t, { authority: null, serve: serveImage() })
  const places = { [`${name}:5000`]: server.port }
  const proxy = await startProxy(t, { places, authority: null })
  const plain = parseImageReference(`${name}:5000/ibu/sno1:1`)
  const registry = ociRegistry({
    authority: null,
    insecure: [`http://${name}:5000`],
    environment: { HTTP_PROXY: `http://me:secret@${proxy.host}` },
  })
  t.same(await registry.inspect(plain, pusher), present(seedImage))
  t.match(proxy.asked[0], `GET http://${name}:5000/v2/ibu/sno1/manifests/1 Basic `)
})

t.test('a proxy in trouble is no answer, and its password is in no message', async t => {
  const { authority, server, places, problems, tell } = await behindProxy(t)
  const refusing = await startProxy(t, { places, authority: null, status: 407 })
  const lost = await startProxy(t, { places: {}, authority: null })
  const silent = await startServer(t, { authority: null, serve: () => undefined })
  const cases = [
    [`http://me:canary@${refusing.host}`, 'unreachable', /the proxy answered 407/],
    [`http://me:canary@${lost.host}`, 'unreachable', /the proxy answered 502/],
    ['socks5://me:canary@127.0.0.1:1', 'unreachable', /HTTPS_PROXY is not the URL/],
    ['http://me:canary@[', 'unreachable', /HTTPS_PROXY is not the URL/],
    [`https://me:canary@${refusing.host}`, 'unreachable', /the proxy: /],
    [`http://me:canary@${silent.host}`, 'unreachable', /the proxy: /],
  ] as const
  for (const [proxy, why, expected] of cases) {
    const registry = ociRegistry({
      authority: authority.certificate,
      environment: { HTTPS_PROXY: proxy },
      tell,
      timeLimit: 5000,
    })
    t.same(await registry.mayPush(image, pusher), { seen: 'unknown', why })
    t.match(problems.at(-1), expected)
  }
  t.equal(problems.length, cases.length)
  t.notMatch(problems.join(), /canary/)
  t.same(server.asked, [])
})

t.test('docker.io is asked at its own hosts, and its token service is known', async t => {
  const { authority, server, places } = await behindProxy(t, (request, response, url) => {
    const { host, authorization } = request.headers
    if (host === 'auth.docker.io')
      response.end(authorization === basic ? '{"access_token":"good"}' : '{}')
    else if (authorization !== 'Bearer good')
      response
        .writeHead(401, {
          'www-authenticate':
            'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"',
        })
        .end()
    else response.end(url.pathname.includes('/blobs/') ? config : manifest)
  })
  const proxy = await startProxy(t, { places, authority: null })
  const registry = ociRegistry({
    authority: authority.certificate,
    environment: { HTTPS_PROXY: proxy.host },
  })
  for (const [text, path] of [
    ['docker.io/ibu/sno1:1', 'ibu/sno1'],
    ['docker.io/sno1:1', 'library/sno1'],
  ] as const) {
    const found = await registry.inspect(parseImageReference(text), pusher)
    t.same(found, present(seedImage))
    t.match(server.asked.splice(0)[0], `GET /v2/${path}/manifests/1 -`)
  }
  t.same(
    [...new Set(proxy.asked)],
    ['CONNECT registry-1.docker.io:443 -', 'CONNECT auth.docker.io:443 -'],
  )
  const other = parseImageReference(`${name}/ibu/sno1:1`)
  t.same(
    await registry.inspect(other, pusher),
    { seen: 'unknown', why: 'untrusted-token-service' },
    'known for docker.io is not known for all',
  )
})

t.test('a blob may not be where only the bot can reach', async t => {
  const state = { location: '' }
  const { authority, server, places, problems, tell } = await behindProxy(
    t,
    (request, response, url) => {
      const left = Number(url.searchParams.get('hops') ?? 0)
      if (url.pathname === '/kept' && left > 0)
        response.writeHead(302, { location: `/kept?hops=${left - 1}` }).end()
      else if (url.pathname === '/kept') response.end(config)
      else serveImage(() => state.location)(request, response, url)
    },
  )
  const inside = await startServer(t, { authority, serve: (_, response) => response.end(config) })
  const proxy = await startProxy(t, { places, authority: null })
  const registry = ociRegistry({
    authority: authority.certificate,
    environment: { HTTPS_PROXY: proxy.host },
    tell,
  })
  const cases = [
    [`https://${inside.host}/`, /a loopback address/],
    [`https://localhost:${inside.port}/`, /a loopback address/],
    [`https://[::ffff:127.0.0.1]:${inside.port}/`, /a loopback address/],
    ['https://169.254.169.254/latest/meta-data', /a link-local address/],
    ['https://10.0.0.1/', /a private address/],
    ['https://[fd00::1]/', /a private address/],
    ['https://0.0.0.0/', /a special address/],
    [`http://blobs.example.test/kept`, /without TLS/],
    ['file:///etc/passwd', /without TLS/],
    ['https://blobs.example.test/kept?hops=3', /too often/],
  ] as const
  for (const [location, expected] of cases) {
    state.location = location
    t.same(await registry.inspect(image, pusher), unreachable, location)
    t.match(problems.at(-1), expected)
  }
  t.same(inside.asked, [])
  for (const location of ['https://blobs.example.test/kept?hops=2', '/kept']) {
    state.location = location
    t.same(await registry.inspect(image, pusher), present(seedImage), location)
  }
  t.match(proxy.asked, ['CONNECT registry.example.test:443 -'])
  for (const line of server.asked.filter(line => line.includes('/kept'))) t.match(line, / -$/)
})

t.test('a registry on loopback may keep blobs there, and nowhere more inside', async t => {
  const authority = await createAuthority({ name: 'registry' })
  const kept = await startServer(t, { authority, serve: (_, response) => response.end(config) })
  const state = { location: '' }
  const { host } = await startServer(t, { authority, serve: serveImage(() => state.location) })
  const problems: string[] = []
  const registry = ociRegistry({
    authority: authority.certificate,
    tell: problem => problems.push(problem),
  })
  const local = parseImageReference(`${host}/ibu/sno1:1`)
  for (const where of [kept.host, `localhost:${kept.port}`]) {
    state.location = `https://${where}/kept`
    t.same(await registry.inspect(local, pusher), present(seedImage), where)
  }
  t.same(kept.asked, ['GET /kept -', 'GET /kept -'])
  for (const where of ['169.254.169.254', '10.0.0.1']) {
    state.location = `https://${where}/kept`
    t.same(await registry.inspect(local, pusher), unreachable, where)
    t.match(problems.at(-1), / address$/)
  }
})

t.test('says how it reaches a registry, and shows no user of a proxy', async t => {
  const environment = {
    HTTPS_PROXY: 'http://user:word@proxy.example.test:3128',
    NO_PROXY: 'b.test',
  }
  const registry = ociRegistry({ authority: 'PEM', environment })
  t.strictSame(await registry.way?.(parseImageReference('a.test/x:1')), {
    ...{ authority: 'PEM', proxy: 'proxy.example.test:3128' },
  })
  t.strictSame(await registry.way?.(parseImageReference('b.test/x:1')), {
    ...{ authority: 'PEM', proxy: null },
  })
  const broken = { authority: null, environment: { HTTPS_PROXY: 'ftp://x' } }
  t.strictSame(wayTo(new URL('https://a.test'), broken), { authority: null, proxy: null })
})
