import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  X509Certificate,
  type KeyObject,
} from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { parse } from 'yaml'
import { open } from '../../../../src/core/secret/sealed/open.ts'
import {
  labelOf,
  scopeOf,
  type Scope,
  type SealTarget,
} from '../../../../src/core/secret/sealed/scope.ts'
import { seal } from '../../../../src/core/secret/sealed/seal.ts'
import {
  fingerprintOf,
  isExcluded,
  readSealingKey,
} from '../../../../src/core/secret/sealed/sealing-key.ts'
import { splitSealed } from '../../../../src/core/secret/sealed/split-sealed.ts'
import { sealedSecretManifest } from '../../../../src/core/secret/sealed/sealed-secret-manifest.ts'
import { propertyRuns } from '../../../support/property-runs.ts'

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
  readFileSync(new URL(`../../../fixtures/secret/${name}`, import.meta.url), 'utf8')
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
const now = '2027-01-01T00:00:00.000Z'
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
    plain: fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom(new Uint8Array(), Buffer.alloc(100 * 1024, 'x')),
    ),
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
    { numRuns: propertyRuns(40) },
  )
  t.end()
})

t.test('a value with any bit flipped, cut off or added is not opened', t => {
  const plain = Buffer.from('{"auths":{}}')
  const sealed = Buffer.from(seal(plain, target('strict'), publicKey), 'base64')
  const isOpened = (text: string): boolean => {
    try {
      open(text, target('strict'), [privateKey])
      return true
    } catch (error) {
      // Whatever it is given, it says the same: a TypeError would be a bug.
      if (error instanceof Error && 'code' in error && error.code === mismatch.code) return false
      throw error
    }
  }
  const isOpenedAs = (bytes: Buffer): boolean => isOpened(bytes.toString('base64'))
  t.ok(isOpenedAs(sealed), 'unchanged it is')
  fc.assert(
    fc.property(fc.nat(sealed.length * 8 - 1), bit => {
      const damaged = Buffer.from(sealed)
      damaged[bit >> 3] = damaged[bit >> 3]! ^ (1 << (bit & 7))
      return !isOpenedAs(damaged)
    }),
    { numRuns: propertyRuns(150) },
  )
  fc.assert(
    fc.property(fc.nat(sealed.length - 1), length => !isOpenedAs(sealed.subarray(0, length))),
    { numRuns: propertyRuns(60) },
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.base64String(),
        fc.uint8Array({ maxLength: 600 }).map(bytes => Buffer.from(bytes).toString('base64')),
      ),
      text => !isOpened(text),
    ),
  )
  const text = sealed.toString('base64')
  const damages = [` ${text}`, `${text}\n`, `${text}!`, text.replace(/=*$/, ''), `${text}AAAA`]
  // 301 bytes leave two stray bits.
  t.equal(sealed.length % 3, 1, 'it ends with stray bits')
  for (const damaged of [...damages, `${text.slice(0, -3)}B==`, '', 'AQ==', 'AAAA'])
    t.notOk(isOpened(damaged), damaged.slice(-8))
  t.notOk(isOpenedAs(Buffer.concat([sealed, Buffer.alloc(1)])), 'a byte more')
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
    const key = readSealingKey(certificate, now)
    t.equal(key.fingerprint, fingerprint, `${bits} bits`)
    t.match(String(key.notAfter), /^2126-10-29T[0-9:]{8}\.000Z$/)
    t.equal(fingerprintOf(new X509Certificate(certificate).publicKey), fingerprint)
  }
  const [key] = vectors.keys
  const { publicKey } = readSealingKey(key!.certificate, now)
  const sealed = seal(Buffer.from('x'), target('strict'), publicKey)
  t.equal(open(sealed, target('strict'), [privateKeyOf(key!)]).toString(), 'x')
  t.end()
})

t.test('takes a certificate from its first to its last second', t => {
  const { certificate } = vectors.keys[0]!
  const { validFrom, validTo } = new X509Certificate(certificate)
  const notBefore = new Date(validFrom).toISOString()
  const notAfter = new Date(validTo).toISOString()
  for (const time of [notBefore, notAfter])
    t.equal(readSealingKey(certificate, time).notAfter, notAfter)
  t.throws(() => readSealingKey(certificate, notAfter.replace('.000Z', '.001Z')), {
    name: 'RefusedError',
    code: 'CERTIFICATE_EXPIRED',
    message: `reading the sealing certificate: it expired on ${notAfter}`,
    fix: /kubeseal --fetch-cert/,
  })
  t.throws(() => readSealingKey(certificate, '1999-12-31T00:00:00.000Z'), {
    name: 'RefusedError',
    code: 'CERTIFICATE_NOT_YET_VALID',
    message: `it is valid from ${notBefore} on only`,
  })
  t.end()
})

t.test('takes the first of several certificates, and a bare public key without a time', t => {
  const [first, second] = vectors.keys
  const chain = `subject=sealed\n${first!.certificate}${second!.certificate}`
  t.equal(readSealingKey(chain, now).fingerprint, first!.fingerprint)
  for (const type of ['spki', 'pkcs1'] as const) {
    const pem = publicKey.export({ type, format: 'pem' }).toString()
    const key = readSealingKey(pem, now)
    t.match({ ...key }, { fingerprint: fingerprintOf(publicKey), notAfter: null }, type)
    const sealed = seal(Buffer.from('x'), target('strict'), key.publicKey)
    t.equal(open(sealed, target('strict'), [privateKey]).toString(), 'x')
  }
  t.end()
})

t.test('refuses what is no RSA certificate or too weak a one', t => {
  const { certificate } = vectors.keys[0]!
  const secret = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
  const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString()
  for (const [what, text] of [
    ['nothing', ''],
    ['words', 'certificate'],
    ['half a certificate', certificate.slice(0, 300)],
    ['half a public key', pem(publicKey).slice(0, 100)],
    ['an elliptic curve', fixture('elliptic-curve.pem')],
    ['an elliptic public key', pem(curve)],
    ['a private key', secret],
  ] as const)
    t.throws(
      () => readSealingKey(text, now),
      { name: 'RefusedError', code: 'CERTIFICATE_INVALID', exitCode: 3, fix: /kubeseal/ },
      what,
    )
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
  t.throws(() => readSealingKey(pem(weak), now), {
    name: 'RefusedError',
    code: 'CERTIFICATE_WEAK',
    message: /its key has 1024 bits/,
  })
  const made = (bytes: number, change: (modulus: Buffer) => void, e = 'AQAB'): string => {
    const modulus = Buffer.alloc(bytes, 0xff)
    change(modulus)
    const jwk = { kty: 'RSA', n: modulus.toString('base64url'), e }
    return pem(createPublicKey({ key: jwk, format: 'jwk' }))
  }
  for (const [what, text, code, message] of [
    ['open to everyone', made(512, () => 0, 'AQ'), 'CERTIFICATE_WEAK', /public exponent is 1/],
    ['an even exponent', made(512, () => 0, 'Ag'), 'CERTIFICATE_WEAK', /public exponent is 2/],
    ['larger than OpenSSL takes', made(2500, () => 0), 'CERTIFICATE_INVALID', /20000 bits/],
    ['of an odd size', made(513, () => 0), 'CERTIFICATE_INVALID', /4104 bits/],
    ['no product', made(512, n => n.fill(0, 511)), 'CERTIFICATE_INVALID', /cannot seal/],
  ] as const)
    t.throws(
      () => readSealingKey(text, now),
      { name: 'RefusedError', code, exitCode: 3, message, fix: /kubeseal/ },
      what,
    )
  for (const bytes of [256, 384, 640, 1024, 2048])
    t.doesNotThrow(
      () =>
        readSealingKey(
          made(bytes, () => 0),
          now,
        ),
      `${bytes * 8} bits`,
    )
  t.end()
})

t.test('knows which keys cannot have sealed a value', t => {
  const { wrapped } = splitSealed(seal(Buffer.from('x'), target('strict'), publicKey))!
  const [, large] = vectors.keys
  t.notOk(isExcluded(publicKey, wrapped), 'the one that has')
  t.ok(isExcluded(new X509Certificate(large!.certificate).publicKey, wrapped), 'another length')
  t.ok(isExcluded(publicKey, Buffer.alloc(256, 0xff)), 'a number above the modulus')
  const modulus = Buffer.from(publicKey.export({ format: 'jwk' }).n!, 'base64url')
  t.ok(isExcluded(publicKey, modulus), 'the modulus itself')
  t.end()
})

t.test('writes a SealedSecret that is the same bytes for the same input', t => {
  const notes = {
    keyFingerprint: 'SHA256:abc',
    sealedAt: '2026-11-22T10:00:00.000Z',
    certificateNotAfter: '2036-11-22T10:00:00.000Z',
    registryKey: 'quay.io/org',
    expiresAt: null,
  }
  t.matchSnapshot(sealedSecretManifest('AgBy', target('strict'), notes), 'strict')
  const expiring = { ...notes, certificateNotAfter: null, expiresAt: '2027-01-01T00:00:00.000Z' }
  t.match(
    sealedSecretManifest('AgBy', target('strict'), expiring),
    /expires-at: "2027-01-01T00:00:00\.000Z"\n/,
  )
  t.notMatch(sealedSecretManifest('AgBy', target('strict'), expiring), /certificate-not-after/)
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
