import t from 'tap'
import { judgeLocation } from '../../../src/adapters/registry/judge-location.ts'
import { ociRegistry } from '../../../src/adapters/registry/oci-registry.ts'
import { parseImageReference } from '../../../src/core/seedgen/image-reference.ts'
import { createAuthority } from '../../../src/sandbox/kubernetes/authority.ts'
import { present, pusher, startServer } from '../../support/registry/registry-server.ts'

t.test('an upload must go on where a client can follow', async t => {
  const authority = await createAuthority({ name: 'registry' })
  const state = { status: 202, location: '' }
  const { host, port, asked } = await startServer(t, {
    authority,
    serve: (request, response) => {
      if (request.method === 'DELETE') response.writeHead(204).end()
      else response.writeHead(state.status, { location: state.location }).end('{"errors":[]}')
    },
  })
  const problems: string[] = []
  const registry = ociRegistry({
    authority: authority.certificate,
    tell: problem => problems.push(problem),
  })
  const image = parseImageReference(`${host}/ibu/sno1:4.18.5`)
  const path = '/v2/ibu/sno1/blobs/uploads/1'
  for (const [location, expected] of [
    [`http://127.0.0.1${path}`, { is: 'without-tls', at: 'http://127.0.0.1' }],
    [`http://${host}${path}`, { is: 'without-tls', at: `http://${host}` }],
    [`https://127.0.0.1${path}`, { is: 'other-port', at: 'https://127.0.0.1' }],
    [
      `https://user:secret@registry-internal.svc:5000${path}`,
      { is: 'other-host', at: 'https://registry-internal.svc:5000' },
    ],
  ] as const) {
    state.location = location
    t.same(await registry.mayPush(image, pusher), present(expected), location)
  }
  t.notOk(
    asked.some(line => line.startsWith('DELETE')),
    'an upload that is elsewhere is left alone',
  )
  state.location = 'https://['
  t.same(await registry.mayPush(image, pusher), { seen: 'unknown', why: 'unreachable' })
  t.match(problems.at(-1), /its upload location is not a URL$/)
  for (const location of [path, `https://127.0.0.1:${port}${path}`]) {
    state.location = location
    t.same(await registry.mayPush(image, { ...pusher, key: location }), present(true), location)
    t.match(asked.at(-1), /^DELETE \/v2\/ibu\/sno1\/blobs\/uploads\/1 /)
  }

  state.status = 405
  t.same(await registry.mayPush(image, pusher), present({ is: 'read-only' }))
  state.status = 429
  const limited = { seen: 'unknown', why: 'limited' }
  t.same(await registry.mayPush(image, pusher), limited)
  t.same(await registry.inspect(image, pusher), limited)
  t.match(problems.at(-1), /it answered 429: too many requests$/)
})

t.test('a registry without TLS may go on with it', async t => {
  const api = new URL('http://registry.example.com:5000/')
  t.equal(judgeLocation('/v2/x', api), true)
  t.same(judgeLocation('https://registry.example.com:5000/v2/x', api), {
    ...{ is: 'other-port', at: 'https://registry.example.com:5000' },
  })
})
