import { readFileSync } from 'node:fs'
import { parseImageReference } from '../../../src/core/seedgen/image-reference.ts'

export const now = '2026-11-22T10:00:00.000Z'
export const image = parseImageReference('quay.io/org/seed:4.18')
export const password = 'p4ssw0rd-c4nary:+"\\<ü'
export const base64 = (value: string | Uint8Array): string => Buffer.from(value).toString('base64')
const wrapped = (value: string, columns: number): string =>
  base64(value).replace(new RegExp(`.{${columns}}`, 'g'), '$&\n')
export const auth = base64(`robot:${password}`)
export const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
export const file = (auths: unknown, more: object = {}): Buffer => json({ auths, ...more })
const keyed = (key: string): Buffer => file({ [key]: { auth } })
export const entry = (fields: unknown): Buffer => file({ 'quay.io': fields })
export const decoded = (text: string): Buffer => entry({ auth: base64(text) })
export const good = keyed('quay.io')
export const jwt = (exp: unknown): string =>
  ['{"alg":"none"}', JSON.stringify({ sub: password, exp }), password]
    .map(part => Buffer.from(part).toString('base64url'))
    .join('.')
export const seconds = (time: string): number => Date.parse(time) / 1000

type Case = readonly [what: string, content: Uint8Array, says?: RegExp, image?: string]
/** What is wrong, the file, what is said of it, and the image where it is another one; by code. */
export const authfileMistakes: Readonly<Record<string, readonly Case[]>> = {
  AUTHFILE_AMBIGUOUS: [
    [
      'two URLs',
      file({ 'https://quay.io': { auth }, 'https://quay.io/v1/': { auth } }),
      /https:\/\/quay\.io, https:\/\/quay\.io\/v1\//,
    ],
  ],
  AUTHFILE_AUTH_ENCODING: [
    ['in the clear', entry({ auth: `robot:${password}` })],
    ['not padded', entry({ auth: base64('robot:abcd').replace(/=+$/, '') })],
    ['for URLs', entry({ auth: '_-_-' })],
    ['no text', entry({ auth: base64(Buffer.from([0xff, 0x3a, 0xff])) })],
  ],
  AUTHFILE_AUTH_TWICE: [
    ['base64 of base64', decoded(base64('robot:p4ssw0rd-c4nary'))],
    ['with a line break', decoded(`${base64('robot:p4ssw0rd-c4nary')}\n`)],
  ],
  AUTHFILE_BASE64: [
    ['once', Buffer.from(base64(good)), /it is base64 of an authfile/],
    ['wrapped at 76', Buffer.from(wrapped(good.toString().padEnd(200), 76))],
    ['wrapped at 20', Buffer.from(wrapped(good.toString(), 20))],
    ['twice', Buffer.from(base64(base64(good))), /2 times over/],
    ['twice and wrapped', Buffer.from(wrapped(base64(good), 76)), /2 times over/],
    ['as a JSON text', json(base64(good))],
  ],
  AUTHFILE_BOM: [['of UTF-8', Buffer.concat([Buffer.from('\uFEFF'), good])]],
  AUTHFILE_CONTROL: [
    ['a NUL in the middle', decoded('robot:a\0b')],
    ['an escape in the user', decoded('ro\u001bbot:p4ssw0rd-c4nary')],
    ['in an identity token', entry({ auth, identitytoken: 'p4ssw0rd\u0000c4nary' })],
  ],
  AUTHFILE_CREDS_STORE: [
    ['alone', json({ credsStore: 'desktop' })],
    ['with no entry', file({}, { credsStore: 'desktop' })],
    ['with an empty entry', file({ 'quay.io': {} }, { credsStore: 'desktop' })],
  ],
  AUTHFILE_CRED_HELPER: [
    ['beside a good entry', file({ 'quay.io': { auth } }, { credHelpers: { 'quay.io': 'x' } })],
  ],
  AUTHFILE_EMPTY: [
    ['nothing', Buffer.alloc(0)],
    ['a line break', Buffer.from(' \n')],
  ],
  AUTHFILE_EMPTY_ENTRY: [
    ['no field', entry({})],
    ['null', entry(null)],
    ['empty auth', entry({ auth: '' })],
    [
      'before a good shorter one',
      file({ 'quay.io/org': {}, 'quay.io': { auth } }),
      /its entry quay\.io\/org is empty, and podman takes no shorter one/,
    ],
  ],
  AUTHFILE_ENCODING: [
    ['UTF-16', Buffer.from('\uFEFF{"auths":{}}', 'utf16le'), /UTF-16/],
    ['bytes', Buffer.concat([good, Buffer.from([0xff])]), /not UTF-8/],
  ],
  AUTHFILE_EXPIRED: [
    ['a JWT', decoded(`robot:${jwt(seconds(now) - 1)}`), /expired on 2026-11-22T09:59:59\.000Z/],
    ['a JWT just now', decoded(`robot:${jwt(seconds(now))}`)],
    ['Amazon', decoded(`AWS:${base64(json({ expiration: seconds(now) - 5 }))}`)],
    ['an identity token', entry({ auth: base64('0:'), identitytoken: jwt(1) })],
  ],
  AUTHFILE_EXPIRES: [
    ['a JWT', decoded(`robot:${jwt(seconds('2027-01-01T00:00:00Z'))}`), /2027-01-01T00:00:00/],
  ],
  AUTHFILE_IDENTITY_TOKEN: [
    ['of Azure', entry({ auth: base64('0:'), identitytoken: 'p4ssw0rd-c4nary' })],
    ['without a user', entry({ auth: base64(':'), identitytoken: 'p4ssw0rd-c4nary' })],
    ['beside a password', entry({ auth, identitytoken: 'p4ssw0rd-c4nary' }), /and no password/],
  ],
  AUTHFILE_INVALID: [
    ['a text', json(password)],
    ['a list', json([{ auth }])],
    ['null', json(null)],
    ['texts as entries', file({ 'quay.io': password })],
    ['a number as auth', entry({ auth: 5 })],
    ['a list of entries', file([{ auth }])],
    ['another entry that is broken', file({ 'quay.io': { auth }, a: { auth: {} } })],
  ],
  AUTHFILE_KEY_CASE: [['the host', keyed('Quay.io'), /Quay\.io has capital letters/]],
  AUTHFILE_KEY_TAG: [
    ['a tag', keyed('quay.io/org/seed:4.18')],
    ['a digest', keyed(`quay.io/org/seed@sha256:${'0'.repeat(64)}`)],
  ],
  AUTHFILE_LEGACY: [['.dockercfg', json({ 'quay.io': { auth, email: '' } })]],
  AUTHFILE_MANIFEST: [
    ['YAML', Buffer.from(`apiVersion: v1\nkind: Secret\ndata:\n  seedAuth: ${auth}\n`)],
    ['half of it', Buffer.from(`data:\n  seedAuth: ${auth}\n`)],
    ['JSON', json({ kind: 'Secret', data: { seedAuth: auth } })],
  ],
  AUTHFILE_NEWLINE: [
    ['echo', decoded('robot:p4ssw0rd-c4nary\n')],
    ['of Windows', decoded('robot:p4ssw0rd-c4nary\r\n')],
    ['behind an identity token', entry({ auth, identitytoken: 'p4ssw0rd-c4nary\n' })],
  ],
  AUTHFILE_NO_AUTHS: [
    ['an empty mapping', json({})],
    ['null', file(null)],
    ['an entry', json({ auth })],
  ],
  AUTHFILE_NO_COLON: [
    ['a password', decoded('p4ssw0rd-c4nary')],
    ['a token', decoded('p4ssw0rd-c4nary.x')],
  ],
  AUTHFILE_NO_MATCH: [
    ['no entry', file({}), /only for no registry; podman would take quay\.io or quay\.io\/org or/],
    ['others', file({ 'a.io': { auth }, 'b.io': { auth } }), /only for a\.io, b\.io;/],
    ['a key with a password', keyed(`https://robot:${auth}@quay.io`), /only for …@quay\.io;/],
    ['a long key', keyed(`p4ssw0rd-c4nary${'x'.repeat(300)}`), /only for a key of 315 characters;/],
    ['a key with an escape', keyed('p4ssw0rd-c4nary\u001b[2J'), /only for a key of 19 characters;/],
    [
      'many keys',
      file(Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`r${at}.io`, { auth }]))),
      /r7\.io and 2 more;/,
    ],
    ['a longer key', keyed('example.com/org/seed/more')],
  ],
  AUTHFILE_NO_PASSWORD: [
    ['nothing', decoded('robot:')],
    ['NULs', decoded('robot:\0\0')],
  ],
  AUTHFILE_NO_USER: [['only a password', decoded(`:${password}`)]],
  AUTHFILE_NOT_JSON: [
    ['half a file', good.subarray(0, -3)],
    ['two files', Buffer.concat([good, good])],
    ['the password alone', Buffer.from(password)],
    ['base64 of the password', Buffer.from(base64(password))],
    ['base64 four times', Buffer.from(base64(base64(base64(base64(good)))))],
  ],
  AUTHFILE_NUL: [['at the end', decoded('robot:p4ssw0rd-c4nary\0\0')]],
  AUTHFILE_OTHER_NAMESPACE: [
    ['a user', keyed('quay.io/user'), /quay\.io\/user is another place on the same registry/],
    ['a longer one', keyed('quay.io/org/seed/more')],
  ],
  AUTHFILE_OTHER_PORT: [
    ['none', keyed('quay.io'), /quay\.io is another port/, 'quay.io:8443/org/seed:1'],
    ['one', keyed('quay.io:8443')],
    ['with a scheme', keyed('https://quay.io:8443')],
    ['of an IPv6 address', keyed('[fd00::1]:5000'), /\[fd00::1\]:5000/, '[fd00::1]:5001/a:1'],
  ],
  AUTHFILE_PARTIAL_SEGMENT: [
    ['half a namespace', keyed('quay.io/or'), /quay\.io\/or ends within a name/],
    ['half an image', keyed('quay.io/org/se')],
  ],
  AUTHFILE_PLAIN_FIELDS: [['no auth', entry({ username: 'robot', password })]],
  AUTHFILE_PULL_SECRET: [
    [
      'of a cluster',
      file({
        'quay.io': { auth },
        'cloud.openshift.com': { auth },
        'registry.redhat.io': { auth },
      }),
      /\(3 entries\)/,
    ],
    ['its entry', decoded('openshift-release-dev+ocm_access_1:p4ssw0rd-c4nary')],
  ],
  AUTHFILE_REDUCED: [
    ['two entries', file({ 'quay.io': { auth }, 'docker.io': { auth } }), /\(2 entries\)/],
    ['a store', file({ 'quay.io': { auth } }, { credsStore: 'desktop' })],
    ['another helper', file({ 'quay.io': { auth } }, { credHelpers: { 'gcr.io': 'gcloud' } })],
  ],
  AUTHFILE_SANITISED: [
    ['of the Lifecycle Agent', decoded('empty:empty')],
    ['a word', entry({ auth: 'REDACTED' })],
    ['stars', decoded('robot:****')],
    ['a hint', decoded('robot:<token>')],
    ['an identity token', entry({ auth: base64('0:'), identitytoken: '<redacted>' })],
  ],
  AUTHFILE_SHORT_LIVED: [
    ['Amazon', decoded(`AWS:${base64(json({ expiration: seconds(now) + 9 }))}`), /10:00:09/],
    ['Amazon, unknown', decoded('AWS:p4ssw0rd-c4nary'), /2026-11-22T22:00:00/],
    ['Google', decoded('oauth2accesstoken:p4ssw0rd-c4nary'), /2026-11-22T11:00:00/],
    ['a JWT of a day', decoded(`robot:${jwt(seconds(now) + 3600)}`), /T11:00:00/],
  ],
  AUTHFILE_TOKEN_ALONE: [['no auth', entry({ identitytoken: password })]],
  AUTHFILE_TOO_LARGE: [['spaces', Buffer.concat([good, Buffer.alloc(64 * 1024, ' ')])]],
  AUTHFILE_TRAILING_SLASH: [
    ['host', keyed('quay.io/')],
    ['path', keyed('quay.io/org/')],
  ],
}

/** The rows of docs/authfile.md. */
export const documentedMistakes = [
  ...readFileSync(new URL('../../../docs/authfile.md', import.meta.url), 'utf8').matchAll(
    /^\| `([A-Z0-9_]+)` \| (refused|warning) \|/gm,
  ),
].map(([, code, level]) => ({ code: code!, level }))
