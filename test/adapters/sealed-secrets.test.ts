import '../../src/sandbox/kubernetes/reflect-metadata.ts'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { fetchCertificate, isUrl } from '../../src/adapters/sealed-secrets/fetch-certificate.ts'
import { sealedSecretsController } from '../../src/adapters/sealed-secrets/sealed-secrets-controller.ts'
import { startProxy, type Served } from '../support/secret/sealing-proxy.ts'
import { key, sealed, strict } from '../support/secret/sealed-scene.ts'

t.test('fetches a certificate by a URL that nobody else can answer', async t => {
  const far = createServer((_, response) => response.end('far'))
  const moves: Readonly<Record<string, () => string>> = {
    '/moved': () => '/cert.pem',
    '/away': () => `http://127.0.0.1:${(far.address() as AddressInfo).port}/`,
    '/endless': () => '/endless',
  }
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? ''
    const location = moves[path]?.()
    if (location !== undefined) response.writeHead(302, { location }).end()
    else if (path === '/cert.pem') response.end(key.certificate)
    else if (path === '/large') response.end('x'.repeat(65 * 1024))
    else if (path === '/cut') {
      response.writeHead(200, { 'content-length': 100 }).write('x')
      setTimeout(() => response.destroy(), 20)
    } else response.writeHead(404).end()
  })
  for (const one of [far, server]) {
    one.listen(0, '127.0.0.1')
    await once(one, 'listening')
    t.teardown(() => one.close())
  }
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  t.equal(await fetchCertificate(`${at}/cert.pem`), key.certificate)
  t.equal(await fetchCertificate(`${at}/moved`), key.certificate)
  const unreachable = { code: 'CERTIFICATE_UNREACHABLE', exitCode: 75, fix: /fetch-cert/ }
  for (const [path, message] of [
    ['/away', /redirects to another host/],
    ['/endless', /again and again/],
    ['/large', /too large/],
    ['/none', /the answer is 404/],
    ['/cut?token=canary', /\/cut: no answer$/],
  ] as const)
    await t.rejects(fetchCertificate(`${at}${path}`), { ...unreachable, message }, path)
  await t.rejects(fetchCertificate('https://127.0.0.1:1/'), {
    ...unreachable,
    message: /no answer/,
  })
  for (const [url, message] of [
    ['http://10.0.0.1/cert.pem', /only https/],
    ['http://localhost.example.com/cert.pem', /only https/],
    ['ftp://127.0.0.1/cert.pem', /only https/],
    ['file:///etc/passwd', /only https/],
    ['https://user:canary@example.com/', /holds a user or password/],
    ['https://', /not a URL/],
  ] as const)
    await t.rejects(fetchCertificate(url), { code: 'ARGUMENT_INVALID', message }, url)
})

t.test('a URL is told from a file by its scheme', t => {
  for (const text of ['https://a', 'HTTP://a', 'file:///a', 'a+b://c']) t.ok(isUrl(text), text)
  for (const text of ['a.pem', './a', '-', 'c:\\a', '://a', '1a://b']) t.notOk(isUrl(text), text)
  t.end()
})

t.test('the controller gives its certificate, and says what it opens', async t => {
  const { controller, served } = await startProxy(t, key)
  t.same(await controller.certificate(), { seen: 'present', value: key.certificate })
  t.same(await controller.opens(sealed, strict), { seen: 'present', value: true })
  const elsewhere = { ...strict, namespace: 'elsewhere' }
  t.same(await controller.opens(sealed, elsewhere), { seen: 'present', value: false })
  const lists = served.filter(({ path }) => path.startsWith('/api/v1/services?'))
  t.equal(lists.length, 1, 'where it is is looked up once')
  t.notOk(
    served.some(({ body }) => body.includes('template')),
    'nothing can be read back',
  )
})

t.test('a controller that is not found by its label is where its manifests put it', async t => {
  const none = ({ path }: Served) =>
    path.startsWith('/api/v1/services?')
      ? ([200, '{"items":[]}'] as const)
      : path.endsWith('/services/sealed-secrets-controller')
        ? ([200, JSON.stringify(service('sealed-secrets-controller', 'kube-system'))] as const)
        : null
  const { service, controller } = await startProxy(t, key, served => none(served))
  t.same(await controller.opens(sealed, strict), { seen: 'present', value: true })
})

t.test('no answer of a controller is no answer', async t => {
  for (const [status, body, why] of [
    [403, '', 'forbidden'],
    [401, '', 'forbidden'],
    [500, '', 'unreachable'],
    [404, '404 page not found', 'unreachable'],
    [0, '', 'unreachable'],
  ] as const) {
    const { controller } = await startProxy(t, key, ({ path }) =>
      path.includes('/proxy/') ? [status, body] : null,
    )
    t.same(await controller.certificate(), { seen: 'unknown', why }, String(status))
    t.same(await controller.opens(sealed, strict), { seen: 'unknown', why }, String(status))
  }
  t.throws(() => sealedSecretsController('canary: ['), {
    ...{
      name: 'InputError',
      code: 'ACCESS_MISSING',
      message: 'reading a kubeconfig: it is not one',
    },
  })
})
