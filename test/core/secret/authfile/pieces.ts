import t from 'tap'
import { decodeAuth } from '../../../../src/core/secret/authfile/decode-auth.ts'
import { expiryOf } from '../../../../src/core/secret/authfile/expiry-of.ts'
import { explainNoMatch, nameKeys } from '../../../../src/core/secret/authfile/explain-no-match.ts'
import {
  authfileLimit,
  inStore,
  readAuthfile,
} from '../../../../src/core/secret/authfile/read-authfile.ts'
import { refusedAuthfile } from '../../../../src/core/secret/authfile/refused-authfile.ts'
import { base64, file, image, json, jwt, now } from '../../../support/secret/authfile-mistakes.ts'

t.test('reads entries, helpers and the store of an authfile as podman does', t => {
  const { entries, helpers, hasStore } = readAuthfile(
    file({ 'quay.io': { auth: 'YTpi', email: 'x' }, 'ghcr.io': null }, { credHelpers: { a: 'b' } }),
  )
  t.match(
    [...entries],
    [
      ['quay.io', { auth: 'YTpi' }],
      ['ghcr.io', {}],
    ],
  )
  t.strictSame([...helpers], [['a', 'b']])
  t.equal(hasStore, false)
  t.equal(readAuthfile(file({}, { credsStore: 'desktop' })).hasStore, true)
  t.equal(readAuthfile(file({}, { credsStore: '' })).hasStore, false)
  const padded = (size: number): Buffer => Buffer.from(file({}).toString().padEnd(size))
  t.equal(readAuthfile(padded(authfileLimit)).entries.size, 0)
  t.throws(() => readAuthfile(padded(authfileLimit + 1)), { code: 'AUTHFILE_TOO_LARGE' })
  t.throws(() => readAuthfile(json([])), { code: 'AUTHFILE_INVALID' })
  t.end()
})

t.test('a refusal says that it is of the authfile, and what to do', t => {
  t.match(refusedAuthfile('AUTHFILE_EMPTY', 'it is empty', 'log in'), {
    name: 'RefusedError',
    code: 'AUTHFILE_EMPTY',
    message: 'reading the authfile: it is empty',
    fix: 'log in',
  })
  t.match(inStore(), { code: 'AUTHFILE_CREDS_STORE', fix: /podman login --authfile FILE/ })
  t.end()
})

t.test('splits an entry at its first colon, and drops what podman drops', t => {
  const none = { identityToken: null, wasPadded: false }
  const decode = (text: string, more: object = {}) =>
    decodeAuth('quay.io', { auth: base64(text), ...more }, { hasStore: false })
  t.strictSame(decode('a:b:c'), { username: 'a', password: 'b:c', ...none })
  t.strictSame(decode('a:b\0\0'), { username: 'a', password: 'b', ...none, wasPadded: true })
  t.strictSame(decode(':', { identitytoken: 'token' }), {
    ...{ username: '', password: '', wasPadded: false },
    identityToken: 'token',
  })
  const broken = { auth: 'YT\r\npi' }
  t.match(decodeAuth('quay.io', broken, { hasStore: false }), { username: 'a', password: 'b' })
  for (const hasStore of [true, false])
    t.throws(() => decodeAuth('quay.io', {}, { hasStore }), {
      code: hasStore ? 'AUTHFILE_CREDS_STORE' : 'AUTHFILE_EMPTY_ENTRY',
    })
  t.end()
})

t.test('learns from a token when it ends, and from its user how long it lives', t => {
  const at = (time: string): number => Date.parse(time) / 1000
  const [soon, late] = ['2026-11-23T09:00:00.000Z', '2027-01-01T00:00:00.000Z']
  for (const [username, password, expiry] of [
    ['robot', 'p4ssword', null],
    ['robot', 'a.b.c', null],
    ['robot', jwt(at(late)), { at: late, isShort: false }],
    ['robot', jwt(at(late) + 0.5), { at: late, isShort: false }],
    ['robot', jwt(at(soon)), { at: soon, isShort: true }],
    ['robot', jwt(-1), null],
    ['robot', jwt('soon'), null],
    ['AWS', base64(JSON.stringify({ expiration: at(late) })), { at: late, isShort: true }],
    ['AWS', 'p4ssword', { at: '2026-11-22T22:00:00.000Z', isShort: true }],
    ['oauth2accesstoken', 'ya29.x', { at: '2026-11-22T11:00:00.000Z', isShort: true }],
  ] as const)
    t.strictSame(expiryOf({ username, password }, now), expiry, `${username} ${String(expiry?.at)}`)
  t.end()
})

t.test('names the nearest miss among keys that cover nothing', t => {
  for (const [keys, code, message] of [
    [
      [],
      'AUTHFILE_NO_MATCH',
      /quay\.io\/org\/seed, only for no registry; podman would take quay\.io or quay\.io\/org or /,
    ],
    [['ghcr.io'], 'AUTHFILE_NO_MATCH', /only for ghcr\.io; podman/],
    [
      ['ghcr.io', 'Quay.io'],
      'AUTHFILE_KEY_CASE',
      /only for ghcr\.io, Quay\.io: Quay\.io has capital/,
    ],
    [['quay.io/org/'], 'AUTHFILE_TRAILING_SLASH', /quay\.io\/org\/ ends with a slash/],
    [['quay.io/org/seed:4.18'], 'AUTHFILE_KEY_TAG', /has a tag or digest/],
    [['quay.io/or'], 'AUTHFILE_PARTIAL_SEGMENT', /ends within a name/],
    [['quay.io/other'], 'AUTHFILE_OTHER_NAMESPACE', /another place on the same registry/],
    [['quay.io:8443'], 'AUTHFILE_OTHER_PORT', /another port of that host/],
  ] as const)
    t.match(explainNoMatch(keys, image), { code, message, fix: /./ }, keys.join(' '))
  t.end()
})

t.test('names keys without what may be a password in them', t => {
  for (const [keys, named] of [
    [['quay.io', 'ghcr.io/a'], 'quay.io, ghcr.io/a'],
    [['https://me:p4ss@quay.io'], '…@quay.io'],
    [['two\nlines'], 'a key of 9 characters'],
    [[''], 'a key of 0 characters'],
    [['x'.repeat(201)], 'a key of 201 characters'],
    ['a b c d e f g h i j'.split(' '), 'a, b, c, d, e, f, g, h and 2 more'],
  ] as const)
    t.equal(nameKeys(keys), named)
  t.end()
})
