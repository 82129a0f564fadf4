import t from 'tap'
import { checkSealedSecret } from '../../../../src/core/secret/sealed/check-sealed-secret.ts'
import type { Expectations } from '../../../../src/core/secret/sealed/check-notes.ts'
import {
  readSealedSecret,
  type ReadSealedSecret,
} from '../../../../src/core/secret/sealed/read-sealed-secret.ts'
import type { SealTarget } from '../../../../src/core/secret/sealed/scope.ts'
import { digestOf } from '../../../../src/core/secret/sealed/sealed-secret-manifest.ts'
import { whyForeign } from '../../../../src/core/secret/sealed/why-foreign.ts'
import { absent, present, unknown, type Seen } from '../../../../src/core/seen.ts'
import { checkLive, isUnsealedThere, readLive } from '../../../../src/operations/hub/check-live.ts'
import { explainTarget } from '../../../../src/operations/hub/explain-target.ts'
import { sealedSecretsController } from '../../../../src/adapters/sealed-secrets/sealed-secrets-controller.ts'
import type { KubernetesObject } from '../../../../src/operations/ports/cluster.ts'
import { fakeCluster } from '../../../support/fake-cluster.ts'
import { startProxy, type Served } from '../../../support/secret/sealing-proxy.ts'
import { sealedMistakes } from '../../../support/secret/sealed-mistakes.ts'
import {
  authfile,
  fingerprint,
  image,
  key,
  manifest,
  now,
  publicKey,
  sealed,
  sealedBytes as short,
  sealedFor,
  strict,
} from '../../../support/secret/sealed-scene.ts'

const expectations: Expectations = {
  now,
  key: { publicKey, fingerprint, notAfter: null },
  image,
  place: { namespace: 'sower-seeds', name: 'seedgen' },
}
const check = (text: string, change: Partial<Expectations> = {}) =>
  checkSealedSecret(text, { ...expectations, ...change })

/** What was found, of the code or of all that is not well, as `LEVEL: text`. */
const found = (
  { findings }: ReturnType<typeof check>,
  code: string | null = null,
): readonly string[] =>
  findings
    .filter(finding => (code === null ? finding.level !== 'ok' : finding.code === code))
    .map(({ level, code, reason: text }) => `${level} ${code}: ${text}`)

t.test('finds nothing wrong with what sower seal writes', t => {
  const { findings, read } = check(manifest())
  t.strictSame(
    findings.map(({ code, level }) => `${level} ${code}`),
    ['TARGET', 'ITEMS', 'LENGTH', 'KEY', 'PROVENANCE', 'COVERS', 'AGE', 'EXPIRY'].map(
      code => `ok SEALED_${code}`,
    ),
  )
  t.match(read, { target: strict, sealed, isIntact: true, notes: { registryKey: 'quay.io/org' } })
  t.ok(findings.every(({ fix }) => fix === null))
  t.strictSame(found(check(manifest(), { key: null, image: null, place: null })), [])
  t.strictSame(
    found(
      check(
        JSON.stringify({
          apiVersion: 'bitnami.com/v1alpha1',
          kind: 'SealedSecret',
          metadata: { name: 'a' },
          spec: { encryptedData: null, template: null },
        }),
        { place: null, key: null },
      ),
      'SEALED_TARGET',
    ),
    ['ok SEALED_TARGET: for default/a, strict'],
  )
  t.end()
})

t.test('names what is wrong with a SealedSecret', t => {
  for (const [what, text, wanted, change] of sealedMistakes) {
    const checked = check(text, change)
    const said = found(checked)
    t.equal(said.length, wanted.length, `${what}: ${said.join(' | ') || 'nothing'}`)
    wanted.forEach((pattern, at) => t.match(said[at], pattern, what))
    t.ok(
      checked.findings.every(({ level, fix }) => (level === 'ok') === (fix === null)),
      `${what}: what is not well has a fix`,
    )
  }
  t.match(found(check(manifest({ sealedAt: '2026-11-22T15:00:00.000Z' }), {}), 'SEALED_AGE'), [
    /sealed 0 days ago/,
  ])
  t.end()
})

const object = (content: string): ReadSealedSecret => {
  const read = readSealedSecret(content)
  if ('code' in read) throw new Error(read.reason)
  return read
}
const hub = (
  condition: object | null,
  secret: Partial<KubernetesObject> | null,
  { value = sealed, observedGeneration = 2 } = {},
) => {
  const cluster = fakeCluster()
  const metadata = { name: 'seedgen', uid: '', generation: 2 }
  if (condition)
    cluster.add(
      {
        kind: 'SealedSecret',
        metadata,
        spec: { encryptedData: { seedAuth: value } },
        status: { observedGeneration, conditions: [{ type: 'Synced', ...condition }] },
      },
      'sower-seeds',
    )
  const uid = cluster.find('SealedSecret')?.metadata.uid
  if (secret)
    cluster.add(
      {
        kind: 'Secret',
        metadata: { name: 'seedgen', uid: '', ownerReferences: [null, 5, {}, { uid }] },
        data: { seedAuth: authfile().toString('base64') },
        ...secret,
      },
      'sower-seeds',
    )
  return cluster
}
const live = async (cluster: ReturnType<typeof hub>, text = manifest()) => {
  const answer = await readLive(cluster.port, strict)
  const findings = checkLive(object(text), answer, { image, now })
  return {
    is: isUnsealedThere(object(text), answer),
    said: findings.map(({ level, code, reason: said }) => `${level} ${code}: ${said}`),
  }
}
const synced = { status: 'True' }
const owned = (uid: string) => ({ name: 'seedgen', uid: '', ownerReferences: [{ uid }] })

t.test('tells what became of a SealedSecret on the hub', async t => {
  const well = await live(hub(synced, {}))
  t.strictSame(well, { is: true, said: ['ok SEALED_LIVE: unsealed on the hub'] })
  const failed = (message: string) => hub({ status: 'False', message }, null)
  const cases: readonly (readonly [string, ReturnType<typeof hub>, RegExp, boolean?])[] = [
    ['not there', hub(null, null), /^warn SEALED_LIVE: it is not on the hub/],
    ['only somebody else’s Secret', hub(null, {}), /^bad SEALED_CONFLICT/],
    ['another value', hub(synced, null, { value: short(50) }), /^warn SEALED_LIVE_DIFFERS/],
    [
      'an old status',
      hub(synced, {}, { observedGeneration: 1 }),
      /^warn SEALED_LIVE: the controller has not looked/,
    ],
    ['no key', failed('no key could decrypt secret (seedAuth)'), /^bad SEALED_NO_KEY/],
    [
      'a conflict',
      failed('failed update: Resource "seedgen" already exists and is not managed by SealedSecret'),
      /^bad SEALED_CONFLICT/,
    ],
    [
      'another failure',
      failed('illegal base64\u001b[2J\ndata'),
      /^bad SEALED_LIVE: .*: illegal base64 \[2J data$/,
    ],
    ['a silent failure', failed(''), /^bad SEALED_LIVE: .*: it does not say why$/],
    ['a Secret that is gone', hub(synced, null), /^bad SEALED_DRIFTED: the Secret is gone/, true],
    [
      'a Secret of another owner',
      hub(synced, { metadata: owned('x') }),
      /^bad SEALED_DRIFTED: .* not the one/,
      true,
    ],
    [
      'a Secret of nobody',
      hub(synced, { metadata: { name: 'seedgen', uid: '' } }),
      /^bad SEALED_DRIFTED: .* not the one/,
      true,
    ],
    [
      'one key more',
      hub(synced, { data: { seedAuth: '', x: '' } }),
      /^bad SEALED_DRIFTED: .*other keys/,
      true,
    ],
    ['no data', hub(synced, { data: undefined }), /^bad SEALED_DRIFTED: .*other keys/, true],
    [
      'another length',
      hub(synced, { data: { seedAuth: 'e30=' } }),
      /^bad SEALED_DRIFTED: .*another length/,
      true,
    ],
    [
      'an edit of the same length',
      hub(synced, { data: { seedAuth: authfile('quax.io').toString('base64') } }),
      /^bad AUTHFILE_NO_MATCH: /,
      true,
    ],
  ]
  for (const [what, cluster, wanted, is = false] of cases) {
    const answer = await live(cluster)
    t.match(
      answer.said
        .filter(text => !text.startsWith('ok'))
        .slice(0, 1)
        .join(),
      wanted,
      what,
    )
    t.equal(answer.is, is, what)
    t.notMatch(answer.said.join(), /p4ss|YTpwNHNz/)
  }
})

t.test('says so where the hub does not tell', async t => {
  const answer = await readLive(hub(synced, {}).port, strict)
  const said = (change: object): unknown =>
    checkLive(object(manifest()), { ...answer, ...change }, { image: null, now })
  t.match(said({ sealed: unknown('forbidden') }), [
    { code: 'SEALED_LIVE', reason: /\(forbidden\)/ },
  ])
  t.match(said({ secret: unknown('timeout') }), [
    { level: 'ok' },
    { level: 'warn', code: 'SEALED_LIVE', reason: /Secret cannot be read \(timeout\)/ },
  ])
  t.match(said({}), [{ code: 'SEALED_LIVE', level: 'ok' }])
})

const asked = async (opens: (target: SealTarget) => Seen<boolean>, target = strict) => {
  const questions: SealTarget[] = []
  const pauses: number[] = []
  const elsewhere = ['default', 'sower-seeds', 'a', 'b', 'c'].map(namespace => ({
    namespace,
    name: 'seedgen',
  }))
  const finding = await explainTarget(
    {
      opens: async (value, of) => {
        t.equal(value, sealed)
        questions.push(of)
        return opens(of)
      },
    },
    { sealed, target, elsewhere },
    async milliseconds => void pauses.push(milliseconds),
  )
  return { finding, questions, pauses }
}

t.test('finds out for whom a value is sealed, in six questions at most', async t => {
  const first = await asked(() => present(true))
  t.match(first, { finding: { code: 'SEALED_READABLE', level: 'ok' }, pauses: [] })
  const other = await asked(({ namespace }) => present(namespace === 'default'))
  t.match(other.finding, {
    code: 'SEALED_FOR_OTHER',
    level: 'bad',
    reason: 'it is sealed for default/seedgen, strict, and is there as sower-seeds/seedgen, strict',
  })
  const wide = await asked(({ scope }) => present(scope === 'cluster-wide'))
  t.match(wide.finding, {
    code: 'SEALED_FOR_OTHER',
    reason: /for sower-seeds\/seedgen, cluster-wide,/,
  })
  const none = await asked(() => present(false))
  t.match(none.finding, { code: 'SEALED_NO_KEY', level: 'bad', reason: /any of 5 likely others/ })
  t.strictSame(none.questions[0], strict)
  t.equal(new Set(none.questions.map(question => JSON.stringify(question))).size, 6)
  t.strictSame(none.pauses, [600, 600, 600, 600, 600], 'never more than two a second')
  const silent = await asked(() => unknown('forbidden'))
  t.match(silent, {
    finding: { code: 'SEALED_NOT_ASKED', level: 'warn' },
    questions: { length: 1 },
  })
  t.match(await asked(() => absent), { finding: { code: 'SEALED_NOT_ASKED' } })
})

t.test(
  'asks the controller through the API server as kubeseal does, without a template',
  async t => {
    const { served, controller } = await startProxy(t, key)
    t.strictSame(await controller.certificate(), present(key.certificate))
    t.strictSame(await controller.opens(sealed, strict), present(true))
    t.strictSame(await controller.opens(sealed, { ...strict, name: 'x' }), present(false))
    t.strictSame(
      await controller.opens(sealed, { ...strict, scope: 'cluster-wide' }),
      present(false),
    )
    const wide = sealedFor({ ...strict, scope: 'namespace-wide' })
    t.strictSame(
      await controller.opens(wide, { ...strict, scope: 'namespace-wide' }),
      present(true),
    )
    const [list, certificate, ...verified] = served.map(({ method, path }) => `${method} ${path}`)
    t.equal(list, 'GET /api/v1/services?labelSelector=app.kubernetes.io%2Fname%3Dsealed-secrets')
    const proxy = '/api/v1/namespaces/tools/services/http:sealed-secrets:http/proxy'
    t.equal(certificate, `GET ${proxy}/v1/cert.pem`, 'the service is looked for once')
    t.same(new Set(verified), new Set([`POST ${proxy}/v1/verify`]), 'and nothing is ever rotated')
    for (const { body } of served.slice(2)) {
      const asked = JSON.parse(body) as { spec: object }
      t.strictSame(Object.keys(asked.spec), ['encryptedData'])
    }
  },
)

t.test('no answer of the controller is no answer', async t => {
  const controllerThat = async (answer: Parameters<typeof startProxy>[2]) =>
    (await startProxy(t, key, answer)).controller
  const isList = ({ path }: Served): boolean => path.startsWith('/api/v1/services?')
  const other = await startProxy(t, key, one => {
    if (isList(one)) return [403, '{}']
    return one.path.endsWith('/kube-system/services/sealed-secrets-controller')
      ? [200, JSON.stringify(other.service('sealed-secrets-controller', 'kube-system'))]
      : null
  })
  t.strictSame(await other.controller.opens(sealed, strict), present(true), 'where kubeseal looks')
  for (const [what, answer, why] of [
    ['no service', one => (isList(one) ? [200, '{"items":[]}'] : [404, '']), 'unreachable'],
    ['no JSON', one => (isList(one) ? [200, '<html>'] : [404, '']), 'unreachable'],
    ['not allowed', one => (isList(one) ? null : [403, '']), 'forbidden'],
    ['no certificate', one => (isList(one) ? null : [401, '']), 'forbidden'],
    ['too often', one => (isList(one) ? null : [429, '']), 'unreachable'],
    ['cut off', one => (isList(one) ? null : [0, '']), 'unreachable'],
    ['too large', one => (isList(one) ? null : [200, 'x'.repeat(2 ** 20 + 1)]), 'unreachable'],
  ] as const satisfies readonly (readonly [string, Parameters<typeof startProxy>[2], string])[]) {
    const controller = await controllerThat(answer)
    t.strictSame(await controller.certificate(), unknown(why), `${what}: no certificate`)
    t.strictSame(await controller.opens(sealed, strict), unknown(why), `${what}: not asked`)
  }
  t.throws(() => sealedSecretsController('- canary: ['), { code: 'ACCESS_MISSING', exitCode: 2 })
})

t.test('a digest says nothing of what is sealed', t => {
  t.match(digestOf(sealed), /^[0-9a-f]{64}$/)
  t.not(digestOf(sealed), digestOf(sealedFor(strict)), 'the same value, sealed twice')
  t.end()
})

t.test('what belongs to a place is a strict value of it with its own notes', t => {
  const place = { namespace: 'sower-seeds', name: 'seedgen' }
  const why = (text: string, of: typeof image | null = image): string | null =>
    whyForeign(text, { place, image: of, now })
  t.equal(why(manifest()), null)
  t.equal(why(manifest({ registryKey: 'other.example.com' }), null), null)
  t.match(why(manifest({ registryKey: 'other.example.com' })), /does not cover/)
  t.match(why(manifest({ scope: 'cluster-wide' })), /anywhere on the hub/)
  t.match(why(manifest({ expiresAt: '2026-11-01T00:00:00Z' })), /expired/)
  t.match(why(manifest().replace(/sha256: "./, 'sha256: "_')), /notes are those of another value/)
  t.match(why('kind: Secret\napiVersion: v1\n'), /plain Secret/)
  t.end()
})
