import { generateKeyPairSync, createPublicKey, verify } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import {
  appPermissions,
  createAppTokens,
  refuseUnlessKey,
} from '../../../src/adapters/github/app-tokens.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const ours = { id: 4711, full_name: 'acme/ztp' }

/** A GitHub that knows one App, and what was asked of it. */
const scene = async (t: Test) => {
  const clock = { at: Date.UTC(2026, 10, 22, 10) }
  const asked: { path: string; body: unknown; authorization: string }[] = []
  const given: Record<string, unknown> = { permissions: appPermissions, repositories: [ours] }
  const server = createServer((request, response) => {
    void text(request).then(body => {
      const { url: path = '', headers } = request
      const authorization = headers.authorization ?? ''
      asked.push({ path, body: body === '' ? null : JSON.parse(body), authorization })
      const expires_at = new Date(clock.at + 3600_000).toISOString()
      const answer = path.endsWith('/access_tokens')
        ? { token: `ghs_${asked.length}`, expires_at, ...given }
        : path === '/app'
          ? { slug: 'sower-acme' }
          : { id: 99 }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => server.close())
  const concealed: string[] = []
  const app = createAppTokens({
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ appId: '12345', key: () => pem, repository: 'acme/ztp', writeGap: 0 },
    conceal: value => void concealed.push(value),
    now: () => new Date(clock.at),
    stopping: new AbortController().signal,
  })
  return { app, asked, given, clock, concealed }
}

t.test(
  'hole 6: a token reaches this repository alone, with what Sower needs and no more',
  async t => {
    const { app, asked, clock, concealed } = await scene(t)
    const token = await app.token()
    t.strictSame(
      asked.map(({ path }) => path),
      ['/repos/acme/ztp/installation', '/app/installations/99/access_tokens'],
    )
    t.strictSame(asked[1]?.body, { repositories: ['ztp'], permissions: appPermissions })
    t.equal(await app.token(), token, 'and is kept')
    t.equal(asked.length, 2)
    clock.at += 55 * 60_000
    t.not(await app.token(), token, 'until shortly before its end')
    t.strictSame(asked.at(-1)?.body, { repository_ids: [4711], permissions: appPermissions })
    t.ok(concealed.includes(token))
  },
)

t.test('hole 6: a token that reaches or may do more is not used', async t => {
  for (const [more, says] of [
    [{ repositories: [ours, { id: 1, full_name: 'acme/other' }] }, /reaches 2 repositories/],
    [{ repositories: [{ id: 1, full_name: 'acme/other' }] }, /not this one alone/],
    [{ permissions: { ...appPermissions, administration: 'write' } }, /administration/],
  ] as const) {
    const { app, given } = await scene(t)
    Object.assign(given, more)
    await t.rejects(app.token(), { name: 'FailedError', code: 'GITHUB_FAILED', message: says })
  }
})

t.test('who is in a team is asked with a token for that alone', async t => {
  const { app, asked, given } = await scene(t)
  given['permissions'] = { members: 'read', metadata: 'read' }
  const token = await app.memberToken()
  t.equal(await app.memberToken(), token)
  t.strictSame(asked[1]?.body, {
    ...{ repositories: ['ztp'], permissions: { members: 'read', metadata: 'read' } },
  })
  t.equal(asked.length, 2)
  await t.rejects(app.token(), { code: 'GITHUB_FAILED', message: /members/ })
})

t.test('the App proves itself with its key, and its name is that of its comments', async t => {
  const { app, asked } = await scene(t)
  t.equal(await app.login(), 'sower-acme[bot]')
  t.equal(await app.login(), 'sower-acme[bot]')
  t.equal(asked.length, 1)
  const [head = '', claims = '', signature = ''] =
    asked[0]?.authorization.replace('Bearer ', '').split('.') ?? []
  const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }).toString())
  t.ok(verify('sha256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url')))
  const at = Date.UTC(2026, 10, 22, 10) / 1000
  t.strictSame(JSON.parse(Buffer.from(claims, 'base64url').toString()), {
    ...{ iat: at - 60, exp: at + 540, iss: '12345' },
  })
})

t.test('a key that is none is refused at the start', t => {
  refuseUnlessKey(pem)
  t.throws(
    () => {
      refuseUnlessKey('-----BEGIN nothing')
    },
    { code: 'FILE_UNREADABLE', exitCode: 2 },
  )
  t.end()
})
