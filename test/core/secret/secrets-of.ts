import t from 'tap'
import { secretsOf } from '../../../src/core/secret/secrets-of.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

t.test('a kubeconfig holds keys, tokens and passwords, also those of login programs', t => {
  const key = '-----BEGIN KEY-----\nabc\n-----END KEY-----'
  const kubeconfig = `apiVersion: v1
users:
- name: admin
  user:
    client-certificate-data: cHVibGlj
    client-key-data: ${base64(`${key}\n`)}
    token: a-token
    tokenFile: /run/token
    username: admin
    password: 12345678
- name: other
  user:
    auth-provider: {config: {access-token: an-access-token, id-token: an-id-token, idp-issuer-url: https://i}}
    exec: {command: login, env: [{name: CLIENT_SECRET, value: of-the-program}, {name: MODE, value: open}]}
empty: null
`
  t.strictSame(secretsOf(kubeconfig), [
    ...[kubeconfig.trim(), base64(`${key}\n`), key, 'a-token', '12345678'],
    ...['an-access-token', 'an-id-token', 'of-the-program'],
  ])
  t.end()
})

t.test('an authfile holds pairs, passwords and identity tokens of all its entries', t => {
  const [one, two, three] = [base64('robot:p4ssword'), base64('robot:abc'), base64('\0:ütoken\0')]
  const auths = {
    a: { auth: one, identitytoken: 'a-refresh-token' },
    b: { auth: two },
    c: { auth: three },
  }
  const authfile = JSON.stringify({ auths })
  t.strictSame(secretsOf(authfile), [
    ...[authfile, one, 'p4ssword', 'a-refresh-token', two, 'robot:abc', three, 'ütoken'],
  ])
  t.end()
})

t.test('a value of many NULs is read as quickly as any other', t => {
  const auth = Buffer.from(`a:pass${'\0'.repeat(700_000)}word`).toString('base64')
  t.equal(secretsOf(JSON.stringify({ auths: { x: { auth } } })).length, 3)
  t.end()
})

t.test('what cannot be read holds what looks like a credential, and all of it is one', t => {
  const broken = `{"auths": {"x": {"auth": "c2VjcmV0LXdvcmQ6cA==", token: 'a-token'`
  t.strictSame(secretsOf(broken), [broken, 'c2VjcmV0LXdvcmQ6cA==', 'secret-word:p', 'a-token'])
  t.strictSame(secretsOf('secret-word\n'), ['secret-word'])
  t.strictSame(secretsOf(' \n'), [])
  t.end()
})
