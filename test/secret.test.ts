import { createPrivateKey, generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { parse } from 'yaml'
import { credentialFor, reduceAuthfile } from '../src/core/secret/authfile.ts'
import { open } from '../src/core/secret/open.ts'
import { labelOf, scopeOf, type Scope, type SealTarget } from '../src/core/secret/scope.ts'
import { fingerprintOf, readCertificate, seal } from '../src/core/secret/seal.ts'
import { sealedSecretManifest } from '../src/core/secret/sealed-secret.ts'
import { parseImageReference } from '../src/core/seedgen/image-reference.ts'

type Vectors = Readonly<{
  namespace: string
  name: string
  keys: readonly Readonly<{
    bits: number
    certificate: string
    fingerprint: string
    privateKeyJwk: Record<string, string>
    values: readonly Readonly<{
      case: string
      scope: Scope
      plaintextBase64: string
      sealed: string
    }>[]
  }>[]
}>

const fixture = (name: string): string =>
  readFileSync(new URL(`fixtures/secret/${name}`, import.meta.url), 'utf8')
const vectors = JSON.parse(fixture('sealed-secrets.json')) as Vectors
const privateKeyOf = (key: Vectors['keys'][number]): KeyObject =>
  createPrivateKey({ key: key.privateKeyJwk, format: 'jwk' })
const scopes: readonly Scope[] = ['strict', 'namespace-wide', 'cluster-wide']
const target = (scope: Scope, namespace = 'sower-seeds', name = 'seedgen'): SealTarget => ({
  scope,
  namespace,
  name,
})
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const mismatch = { name: 'RefusedError', code: 'KEY_MISMATCH', exitCode: 3 }

t.test("opens every value that the controller's own code sealed", t => {
  const { namespace, name, keys } = vectors
  t.equal(keys.flatMap(({ values }) => values).length, 24)
  const all = keys.map(privateKeyOf)
  for (const key of keys)
    for (const value of key.values) {
      const plain = open(value.sealed, target(value.scope, namespace, name), all)
      t.equal(
        plain.toString('base64'),
        value.plaintextBase64,
        `${key.bits} ${value.case} ${value.scope}`,
      )
    }
  t.end()
})

t.test("opens no value of the controller's for another target", t => {
  const { namespace, name, keys } = vectors
  const [key] = keys
  for (const { scope, sealed } of key!.values) {
    const others: readonly SealTarget[] = [
      ...scopes.filter(other => other !== scope).map(other => target(other, namespace, name)),
      ...(scope === 'strict' ? [target(scope, namespace, 'other')] : []),
      ...(scope === 'cluster-wide' ? [] : [target(scope, 'other', name)]),
    ]
    for (const other of others)
      t.throws(() => open(sealed, other, [privateKeyOf(key!)]), mismatch, JSON.stringify(other))
  }
  t.end()
})

t.test('whatever is sealed is opened again, for the same target and with the same key only', t => {
  const name = fc.stringMatching(/^[a-z]{1,10}$/)
  const sealing = fc.record({
    plain: fc.uint8Array({ maxLength: 200 }),
    scope: fc.constantFrom(...scopes),
    namespace: name,
    secret: name,
  })
  fc.assert(
    fc.property(sealing, ({ plain, scope, namespace, secret }) => {
      const to = target(scope, namespace, secret)
      const sealed = seal(plain, to, publicKey)
      t.notOk(
        plain.length > 8 && Buffer.from(sealed, 'base64').includes(Buffer.from(plain)),
        'not in the clear',
      )
      const opened = open(sealed, to, [stranger, privateKey])
      if (opened.compare(plain) !== 0) return false
      const wrong: readonly (readonly [SealTarget, readonly KeyObject[]])[] = [
        [to, [stranger]],
        [to, []],
        ...scopes
          .filter(other => other !== scope)
          .map(other => [target(other, namespace, secret), [privateKey]] as const),
        ...(scope === 'strict'
          ? [[target(scope, namespace, `${secret}x`), [privateKey]] as const]
          : []),
        ...(scope === 'cluster-wide'
          ? []
          : [[target(scope, `${namespace}x`, secret), [privateKey]] as const]),
      ]
      for (const [other, keys] of wrong)
        try {
          open(sealed, other, keys)
          return false
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && error.code === mismatch.code))
            return false
        }
      return true
    }),
    { numRuns: 40 },
  )
  t.end()
})

t.test('a value with any bit flipped, cut off or added is not opened', t => {
  const plain = Buffer.from('{"auths":{}}')
  const sealed = Buffer.from(seal(plain, target('strict'), publicKey), 'base64')
  const isOpened = (bytes: Buffer): boolean => {
    try {
      open(bytes.toString('base64'), target('strict'), [privateKey])
      return true
    } catch {
      return false
    }
  }
  t.ok(isOpened(sealed), 'unchanged it is')
  fc.assert(
    fc.property(fc.nat(sealed.length * 8 - 1), bit => {
      const damaged = Buffer.from(sealed)
      damaged[bit >> 3] = damaged[bit >> 3]! ^ (1 << (bit & 7))
      return !isOpened(damaged)
    }),
    { numRuns: 150 },
  )
  fc.assert(
    fc.property(fc.nat(sealed.length - 1), length => !isOpened(sealed.subarray(0, length))),
    { numRuns: 60 },
  )
  t.notOk(isOpened(Buffer.concat([sealed, Buffer.alloc(1)])), 'a byte more')
  t.notOk(isOpened(Buffer.alloc(0)), 'nothing')
  t.notOk(isOpened(Buffer.from([1])), 'one byte')
  t.end()
})

t.test('sealing the same twice gives two values', t => {
  const twice = [1, 2].map(() => seal(Buffer.from('a'), target('strict'), publicKey))
  t.not(twice[0], twice[1])
  t.end()
})

t.test('a scope is read from the annotations as the controller does', t => {
  const annotation = (scope: string, value = 'true'): Record<string, string> => ({
    [`sealedsecrets.bitnami.com/${scope}`]: value,
  })
  t.equal(scopeOf({}), 'strict')
  t.equal(scopeOf(annotation('namespace-wide')), 'namespace-wide')
  t.equal(scopeOf(annotation('cluster-wide')), 'cluster-wide')
  t.equal(
    scopeOf({ ...annotation('namespace-wide'), ...annotation('cluster-wide') }),
    'cluster-wide',
  )
  for (const value of ['True', '1', 'yes', ''])
    t.equal(
      scopeOf({ ...annotation('cluster-wide', value), ...annotation('namespace-wide', value) }),
      'strict',
    )
  t.strictSame(
    scopes.map(scope => labelOf(target(scope, 'a', 'b')).toString()),
    ['a/b', 'a', ''],
  )
  t.end()
})

t.test('names a key as the controller does', t => {
  for (const { certificate, fingerprint, bits } of vectors.keys) {
    const key = readCertificate(certificate, '2027-01-01T00:00:00.000Z')
    t.equal(key.fingerprint, fingerprint, `${bits} bits`)
    t.match(key.notAfter, /^2126-10-29T[0-9:]{8}\.000Z$/)
    t.equal(fingerprintOf(new X509Certificate(certificate).publicKey), fingerprint)
  }
  const [key] = vectors.keys
  const { publicKey } = readCertificate(key!.certificate, '2027-01-01T00:00:00.000Z')
  const sealed = seal(Buffer.from('x'), target('strict'), publicKey)
  t.equal(open(sealed, target('strict'), [privateKeyOf(key!)]).toString(), 'x')
  t.end()
})

t.test('takes a certificate up to its last second', t => {
  const { certificate } = vectors.keys[0]!
  const notAfter = new Date(new X509Certificate(certificate).validTo).toISOString()
  t.equal(readCertificate(certificate, notAfter).notAfter, notAfter)
  t.throws(() => readCertificate(certificate, notAfter.replace('.000Z', '.001Z')), {
    name: 'RefusedError',
    code: 'CERTIFICATE_EXPIRED',
    message: `reading the sealing certificate: it expired on ${notAfter}`,
    fix: /kubeseal --fetch-cert/,
  })
  t.end()
})

t.test('refuses what is no RSA certificate', t => {
  const { certificate } = vectors.keys[0]!
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  for (const [what, text] of [
    ['nothing', ''],
    ['words', 'certificate'],
    ['a public key', pem],
    ['half a certificate', certificate.slice(0, 300)],
    ['an elliptic curve', fixture('elliptic-curve.pem')],
  ] as const)
    t.throws(
      () => readCertificate(text, '2027-01-01T00:00:00.000Z'),
      { name: 'InputError', code: 'CERTIFICATE_INVALID', exitCode: 2, fix: /kubeseal/ },
      what,
    )
  t.end()
})

t.test('writes a SealedSecret that is the same bytes for the same input', t => {
  const notes = {
    keyFingerprint: 'SHA256:abc',
    sealedAt: '2026-11-22T10:00:00.000Z',
    registryKey: 'quay.io/org',
  }
  t.matchSnapshot(sealedSecretManifest('AgBy', target('strict'), notes), 'strict')
  for (const scope of scopes) {
    const sealed = 'A'.repeat(5000)
    const text = sealedSecretManifest(sealed, target(scope, 'no', 'on'), notes)
    t.equal(text, sealedSecretManifest(sealed, target(scope, 'no', 'on'), { ...notes }))
    for (const version of ['1.1', '1.2'] as const) {
      const object = parse(text, { version }) as Record<
        string,
        Record<string, Record<string, unknown>>
      >
      const { name, namespace, annotations } = object['metadata']!
      t.strictSame({ name, namespace }, { name: 'on', namespace: 'no' }, `YAML ${version}`)
      t.equal(scopeOf(annotations as Record<string, string>), scope)
      const { metadata } = object['spec']!['template'] as { metadata: Record<string, unknown> }
      t.equal(scopeOf((metadata['annotations'] ?? {}) as Record<string, string>), scope)
      t.strictSame(object['spec']!['encryptedData'], { seedAuth: sealed })
      t.ok(Object.values(annotations as object).every(value => typeof value === 'string'))
    }
  }
  t.end()
})

const auth = (text: string): string => Buffer.from(text).toString('base64')
const password = 'p4ss:w0rd+"\\'
const image = parseImageReference('quay.io:8443/org/team/seed:4.18')
const authfile = (auths: unknown): Buffer => Buffer.from(JSON.stringify({ auths }))

t.test('takes the longest key that covers the image by whole path segments', t => {
  const cases: readonly (readonly [readonly string[], string | null])[] = [
    [['quay.io:8443'], 'quay.io:8443'],
    [['quay.io:8443/org', 'quay.io:8443'], 'quay.io:8443/org'],
    [['quay.io:8443', 'quay.io:8443/org/team'], 'quay.io:8443/org/team'],
    [['quay.io:8443/org/team/seed', 'quay.io:8443/org'], 'quay.io:8443/org/team/seed'],
    [['quay.io:8443/org/tea', 'quay.io:8443'], 'quay.io:8443'],
    [['quay.io'], null],
    [['quay.io:8443/other'], null],
    [['quay.io:8443/org/team/seed/more'], null],
    [['https://quay.io:8443'], null],
    [[], null],
  ]
  for (const [keys, wanted] of cases) {
    const file = authfile(
      Object.fromEntries(keys.map(key => [key, { auth: auth(`${key}:${password}`) }])),
    )
    const read = (): unknown => credentialFor(file, image)
    if (wanted !== null)
      t.strictSame(
        read(),
        {
          key: wanted,
          username: wanted.split(':')[0],
          password: `${wanted}:${password}`.slice(wanted.indexOf(':') + 1),
        },
        wanted,
      )
    else
      t.throws(
        read,
        {
          name: 'RefusedError',
          code: 'AUTHFILE_NO_MATCH',
          message: `holds nothing for quay.io:8443/org/team/seed, only for ${keys.join(', ') || 'no registry'}`,
          fix: /podman login --authfile FILE quay\.io:8443/,
        },
        keys.join() || 'no key',
      )
  }
  t.end()
})

t.test('says what is wrong with an authfile, without anything that it holds', t => {
  const good = { 'quay.io:8443': { auth: auth(`user:${password}`) } }
  const mistakes: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['nothing', Buffer.alloc(0), /it is not JSON/],
    ['half a file', authfile(good).subarray(0, -3), /it is not JSON/],
    ['only the password', Buffer.from(password), /it is not JSON/],
    ['base64 of the file', Buffer.from(authfile(good).toString('base64')), /it is not JSON/],
    ['a byte order mark', Buffer.concat([Buffer.from('\uFEFF'), authfile(good)]), /it is not JSON/],
    ['no UTF-8', Buffer.concat([Buffer.from([0xff]), authfile(good)]), /it is not JSON/],
    ['a text', Buffer.from(JSON.stringify(password)), /it has no `auths` mapping/],
    ['a list', Buffer.from(JSON.stringify([good])), /it has no `auths` mapping/],
    ['an old .dockercfg', Buffer.from(JSON.stringify(good)), /it has no `auths` mapping/],
    ['texts as entries', authfile({ 'quay.io:8443': password }), /it has no `auths` mapping/],
    ['a number as auth', authfile({ 'quay.io:8443': { auth: 5 } }), /it has no `auths` mapping/],
    [
      'an entry without auth',
      authfile({ 'quay.io:8443': { password } }),
      /its entry quay\.io:8443 has no/,
    ],
    [
      'auth that is no base64',
      authfile({ 'quay.io:8443': { auth: `user:${password}` } }),
      /its entry quay/,
    ],
    [
      'auth without a colon',
      authfile({ 'quay.io:8443': { auth: auth('p4ssw0rd') } }),
      /its entry quay/,
    ],
    [
      'auth without a user',
      authfile({ 'quay.io:8443': { auth: auth(`:${password}`) } }),
      /its entry quay/,
    ],
    [
      'a broken entry before a good one',
      authfile({ 'quay.io:8443/org': {}, ...good }),
      /its entry quay\.io:8443\/org has no `auth`/,
    ],
  ]
  for (const [what, file, message] of mistakes)
    try {
      credentialFor(file, image)
      t.fail(what)
    } catch (error) {
      t.match(
        error,
        { name: 'RefusedError', code: 'AUTHFILE_INVALID', message, fix: /podman login/ },
        what,
      )
      const said = `${String(error)} ${JSON.stringify(error)} ${String((error as Error).cause)}`
      for (const secret of ['p4ss', auth(password), auth(`user:${password}`)])
        t.notOk(said.includes(secret), `${what}: ${secret} is not said`)
    }
  t.end()
})

t.test('reduces an authfile to the one entry, byte-stable', t => {
  const entry = { auth: auth(`user:${password}`), email: 'a@example.com' }
  const file = authfile({ 'docker.io': entry, 'quay.io': entry })
  const reduced = reduceAuthfile(file, 'quay.io')
  t.equal(reduced.toString(), `{"auths":{"quay.io":{"auth":"${entry.auth}"}}}`)
  t.strictSame(reduceAuthfile(reduced, 'quay.io'), reduced)
  t.end()
})
