import { ApiException } from '@kubernetes/client-node'
import { join } from 'node:path'
import t from 'tap'
import {
  loadKubeconfig,
  requireClientCertificate,
} from '../../../src/adapters/kubernetes/load-kubeconfig.ts'
import { kubeconfigSecrets } from '../../../src/adapters/kubernetes/kubeconfig-secrets.ts'
import { seenFrom, writeError } from '../../../src/adapters/kubernetes/seen-from.ts'
import { directoryWith } from '../../support/directory-with.ts'

const answered = (code: number, body: object | string = {}): ApiException<unknown> =>
  new ApiException(code, 'no', typeof body === 'string' ? body : JSON.stringify(body), {})
const who = 'pods is forbidden: User "sower"'
const notFound = (name: string) => answered(404, { reason: 'NotFound', details: { name } })

t.test('only a NotFound that names the object says that it is not there', t => {
  const cases: readonly (readonly [string, unknown, object])[] = [
    ['its own name', notFound('sno1'), { seen: 'absent' }],
    ['another name', notFound('sno2'), { seen: 'unknown', why: 'not-served' }],
    ['a page of a gateway', answered(404, '<html>'), { seen: 'unknown', why: 'not-served' }],
    ['401', answered(401), { seen: 'unknown', why: 'forbidden' }],
    ['403', answered(403), { seen: 'unknown', why: 'forbidden', denied: undefined }],
    [
      'a denial in a namespace',
      answered(403, {
        message: `${who} cannot list resource "pods" in API group "" in the namespace "n"`,
      }),
      { denied: { verb: 'list', group: '', resource: 'pods', namespace: 'n', name: 'sno1' } },
    ],
    [
      'a denial for the cluster',
      answered(403, {
        message: `${who} cannot get resource "a" in API group "b.c" at the cluster scope`,
      }),
      { why: 'forbidden', denied: { verb: 'get', group: 'b.c', resource: 'a', name: 'sno1' } },
    ],
    ['another authority', new Error('reason: self-signed certificate'), { why: 'untrusted' }],
    ['no chain', new Error('unable to verify the first certificate'), { why: 'untrusted' }],
    ['another name', new Error("does not match certificate's altnames"), { why: 'untrusted' }],
    ['an old one', new Error('certificate has expired'), { why: 'untrusted' }],
    ['500', answered(500), { seen: 'unknown', why: 'unreachable' }],
    [
      'a kind that is not served',
      new Error('Unrecognized API version and kind: a b'),
      { why: 'not-served' },
    ],
    [
      'no answer in time',
      new Error('The operation was aborted due to timeout'),
      { why: 'timeout' },
    ],
    ['no connection', new Error('connect ECONNREFUSED'), { why: 'unreachable' }],
  ]
  for (const [what, error, expected] of cases) t.match(seenFrom(error, 'sno1'), expected, what)
  t.match(seenFrom(notFound(''), ''), { seen: 'unknown' }, 'a list names nothing')
  t.end()
})

t.test('a write was refused, overtaken, or has no known result', t => {
  for (const [code, name, error] of [
    [409, 'ConflictError', 'OBJECT_CONFLICT'],
    [422, 'FailedError', 'OBJECT_REFUSED'],
    [403, 'FailedError', 'OBJECT_REFUSED'],
    [408, 'UnavailableError', 'CLUSTER_UNAVAILABLE'],
    [429, 'UnavailableError', 'CLUSTER_UNAVAILABLE'],
    [500, 'UnavailableError', 'CLUSTER_UNAVAILABLE'],
  ] as const)
    t.match(
      writeError('creating it', answered(code)),
      { name, code: error, message: /^creating it: / },
      String(code),
    )
  t.match(writeError('creating it', new Error('socket hang up')), { code: 'CLUSTER_UNAVAILABLE' })
  t.end()
})

const kubeconfig = (user: object, cluster: object = {}): string =>
  JSON.stringify({
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'a' },
    contexts: [{ name: 'a', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1', ...cluster } }],
    users: [{ name: 'u', user }],
  })
const certificate = { 'client-certificate-data': 'YQ==', 'client-key-data': 'Yg==' }

t.test('a saved access is whole in itself: a client certificate, and nothing of a disk', t => {
  const refusal = (text: string): unknown => {
    try {
      requireClientCertificate(loadKubeconfig(text))
      return null
    } catch (error) {
      return error
    }
  }
  t.equal(refusal(kubeconfig(certificate)), null)
  for (const [text, says] of [
    [kubeconfig({ token: 'canary' }), /token, a password or a login program/],
    [kubeconfig({ ...certificate, exec: { command: 'canary', apiVersion: 'a' } }), /login program/],
    [kubeconfig({ ...certificate, 'client-key': '/canary' }), /names files/],
    [kubeconfig(certificate, { 'certificate-authority': '/canary' }), /names files/],
    [kubeconfig({}), /no client certificate/],
    [kubeconfig(certificate, { 'insecure-skip-tls-verify': true }), /does not verify/],
    [kubeconfig(certificate, { server: 'http://127.0.0.1:1' }), /does not verify/],
    ['canary: [', /it is not one/],
    ['{}', /no current cluster and user/],
  ] as const) {
    const error = refusal(text)
    t.match(error, { code: 'ACCESS_MISSING', message: says }, String(says))
    t.notMatch(String(error), /canary/)
  }
  t.end()
})

t.test('what must not be shown of a kubeconfig is also in the files that it names', t => {
  const directory = directoryWith(t, {
    'a key': 'key-canary\n',
    token: 'token-canary\n',
    empty: '',
  })
  const user = `{"client-key": "${join(directory, 'a key')}", tokenFile: ${join(directory, 'token')}}`
  const others = `[{tokenFile: '${join(directory, 'empty')}'}, {tokenFile: /nowhere/at/all}]`
  t.strictSame(kubeconfigSecrets(`user: ${user}\nothers: ${others}`).slice(1), [
    'key-canary',
    'token-canary',
  ])
  t.end()
})
