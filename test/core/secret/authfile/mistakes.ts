import fc from 'fast-check'
import t from 'tap'
import {
  checkAuthfile,
  credentialFor,
  reduceAuthfile,
  type CheckedAuthfile,
} from '../../../../src/core/secret/authfile/check-authfile.ts'
import { coveringKeys } from '../../../../src/core/secret/authfile/covering-keys.ts'
import { parseImageReference } from '../../../../src/core/seedgen/image-reference.ts'
import { SowerError } from '../../../../src/errors.ts'
import {
  auth,
  authfileMistakes,
  base64,
  decoded,
  documentedMistakes,
  entry,
  file,
  good,
  image,
  jwt,
  now,
  password,
  seconds,
} from '../../../support/secret/authfile-mistakes.ts'
import { propertyRuns } from '../../../support/property-runs.ts'

t.test('every documented mistake has a case, and every case is documented', t => {
  t.strictSame(
    documentedMistakes.map(({ code }) => code).sort(),
    Object.keys(authfileMistakes).sort(),
  )
  t.end()
})

/** Nothing that was said, in any form, may hold what the file holds. */
const quotes = (said: unknown): boolean => {
  const text = `${String(said)} ${JSON.stringify(said)} ${String((said as Error).cause)} ${String((said as Error).stack)}`
  return /p4ss|c4nary/.test(text) || [auth, base64(password)].some(secret => text.includes(secret))
}

for (const { code, level } of documentedMistakes)
  t.test(`${code} is ${level === 'refused' ? 'refused' : 'a warning'}`, t => {
    for (const [what, content, says = /./, reference] of authfileMistakes[code] ?? []) {
      const of = reference === undefined ? image : parseImageReference(reference)
      let checked: CheckedAuthfile | null = null
      let refused: unknown = null
      try {
        checked = checkAuthfile(content, of, now)
      } catch (error) {
        refused = error
      }
      if (level === 'refused')
        t.match(
          refused,
          { name: 'RefusedError', code, message: says, exitCode: 3, fix: /\w/ },
          what,
        )
      else t.match(checked?.warnings, [{ code, level: 'warn', reason: says, fix: /\w/ }], what)
      t.notOk(quotes(refused ?? checked?.warnings), `${what}: no value is said`)
    }
    t.end()
  })

t.test('takes the key that podman takes', t => {
  const at = (reference: string, keys: readonly string[]): readonly string[] =>
    coveringKeys(keys, parseImageReference(`${reference}:1`))
  const same: readonly (readonly [string, string, readonly string[]])[] = [
    ['quay.io/a/b/c', 'quay.io/a/b/c', ['quay.io/a/b', 'quay.io']],
    ['quay.io/a/b/c', 'quay.io/a/b', ['quay.io', 'quay.io/a', 'quay.io/a/b/c/d']],
    ['quay.io/a/b/c', 'quay.io', ['quay.io/b', 'quay.i', 'https://quay.io']],
    ['quay.io/a', 'https://quay.io/v1/', ['quay.io/b']],
    ['quay.io/a', 'http://quay.io', []],
    ['quay.io/a', 'https://quay.io/b', []],
    ['docker.io/a/b', 'https://index.docker.io/v1/', []],
    ['docker.io/a/b', 'registry-1.docker.io', []],
    ['docker.io/a/b', 'docker.io', ['index.docker.io']],
    ['quay.io:8443/a', 'quay.io:8443', ['quay.io', 'quay.io/a']],
    ['[fd00::1]:5000/a', '[fd00::1]:5000', ['[fd00::1]', '[fd00::1]:5000/b']],
    ['localhost/a', 'localhost', []],
  ]
  for (const [reference, wanted, others] of same)
    t.strictSame(at(reference, [...others, wanted]), [wanted], `${wanted} for ${reference}`)
  for (const key of ['quay.io/', 'quay.io/v1/', 'QUAY.IO', 'quay.io:443', 'ftp://quay.io', ''])
    t.strictSame(at('quay.io/a', [key]), [], key)
  t.end()
})

t.test('reads a good file without a word, and splits at the first colon', t => {
  const credential = { key: 'quay.io', username: 'robot', password }
  for (const [what, content] of [
    ['plain', good],
    ['with white space around', Buffer.from(`\n${good.toString()}\n`)],
    ['with fields that podman ignores', entry({ auth, email: 'a@b.c', username: 1 })],
    ['with a wrapped auth', entry({ auth: `${auth.slice(0, 4)}\r\n${auth.slice(4)}\n` })],
    ['with an empty identity token', entry({ auth, identitytoken: '' })],
  ] as const)
    t.strictSame(
      checkAuthfile(content, image, now),
      { credential, expiresAt: null, warnings: [] },
      what,
    )
  t.strictSame(credentialFor(good, image), credential)
  const token = entry({ auth: base64('0:'), identitytoken: 'token' })
  t.strictSame(credentialFor(token, image), {
    key: 'quay.io',
    username: '0',
    password: '',
    identityToken: 'token',
  })
  t.strictSame(
    credentialFor(decoded(`robot:${jwt(1)}`), image).username,
    'robot',
    'without a clock nothing has expired',
  )
  t.end()
})

t.test('takes no password for a token that only looks like one', t => {
  for (const secret of [
    'a.b.c',
    `a.${Buffer.from('5').toString('base64url')}.c`,
    jwt('soon'),
    jwt(-1),
    jwt(1e20),
  ])
    t.match(checkAuthfile(decoded(`robot:${secret}`), image, now), {
      expiresAt: null,
      warnings: [],
    })
  t.equal(checkAuthfile(decoded('AWS:bm8='), image, now).expiresAt, '2026-11-22T22:00:00.000Z')
  t.equal(
    checkAuthfile(decoded(`robot:${jwt(seconds('2027-01-01T00:00:00Z') + 0.7)}`), image, now)
      .expiresAt,
    '2027-01-01T00:00:00.000Z',
  )
  t.end()
})

t.test('whatever it is given, it answers or refuses with a code', t => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.json().map(text => Buffer.from(text)),
    fc.anything().map(value => file({ 'quay.io': value })),
    fc.dictionary(fc.string(), fc.record({ auth: fc.string() })).map(file),
    fc.string({ unit: 'binary' }).map(text => decoded(text)),
  )
  fc.assert(
    fc.property(anything, content => {
      try {
        return checkAuthfile(content, image, now).credential.username !== ''
      } catch (error) {
        return error instanceof SowerError && error.code.startsWith('AUTHFILE_')
      }
    }),
    { numRuns: propertyRuns(500) },
  )
  t.end()
})

t.test('reduces an authfile to the one entry, byte-stable', t => {
  const content = file({
    'docker.io': { auth },
    'quay.io': { auth: `${auth}\n`, email: 'a@example.com' },
  })
  const reduced = reduceAuthfile(content, 'quay.io')
  t.equal(reduced.toString(), `{"auths":{"quay.io":{"auth":"${auth}"}}}`)
  t.strictSame(reduceAuthfile(reduced, 'quay.io'), reduced)
  const token = entry({ identitytoken: 'token', auth })
  t.equal(
    reduceAuthfile(token, 'quay.io').toString(),
    `{"auths":{"quay.io":{"auth":"${auth}","identitytoken":"token"}}}`,
  )
  t.end()
})
