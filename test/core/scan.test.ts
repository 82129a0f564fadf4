import './scan/pieces.ts'
import './scan/corpus.ts'
import './scan/evasion.ts'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { decodeBytes } from '../../src/core/scan/decode-bytes.ts'
import { isLeak, leakCodes, noteCodes, type FindingCode } from '../../src/core/scan/scan-finding.ts'
import { scanFile } from '../../src/core/scan/scan-file.ts'
import { propertyRuns } from '../support/property-runs.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const wrapped = (text: string, columns: number): string =>
  text.replace(new RegExp(`.{${columns}}`, 'g'), '$&\n')
const lines = (text: string, indent: string): string => text.replace(/^/gm, indent)
const codesOf = (text: string, path = 'a.yaml', isWatched = false): readonly FindingCode[] =>
  scanFile({ path, text, isWatched }).map(({ code }) => code)

const authfile = `{"auths":{"quay.io/org":{"auth":"${base64('robot:pa55-canary')}"}}}`
// Put together here, so that this file is none.
const pem = (kind: string): string =>
  [
    '-----BEGIN',
    `${kind}PRIVATE`,
    `KEY-----\n${wrapped(randomBytes(300).toString('base64'), 64)}\n`,
  ].join(' ')
const key = pem('')

/** A value as the controller's own code lays it out, of noise. */
const ciphertext = (size = 512, prefix = size): string => {
  const bytes = randomBytes(2 + size + 32)
  bytes.writeUInt16BE(prefix)
  return bytes.toString('base64')
}
const secret = (name: string, rest: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\n${rest}`
const sealed = (spec: string, metadata = '  name: seedgen\n'): string =>
  `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n${metadata}spec:\n${lines(spec, '  ')}\n`
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'
const thrice = base64(base64(base64(authfile)))

type Cases = Readonly<Record<string, readonly [text: string, ...codes: readonly FindingCode[]]>>

const check = (title: string, cases: Cases, path = 'a.yaml'): void => {
  void t.test(title, t => {
    for (const [what, [text, ...codes]] of Object.entries(cases))
      t.strictSame([...new Set(codesOf(text, path))], codes, what)
    t.end()
  })
}

const plain = `data:\n  seedAuth: ${base64('x')}\n`
check('finds a plain seedgen Secret wherever it is nested', {
  'by its key': [secret('other', plain), 'SEEDGEN_SECRET_PLAIN'],
  'by its name': [secret('seedgen', 'stringData: {x: y}\n'), 'SEEDGEN_SECRET_PLAIN'],
  'as JSON': [
    '{"kind":"Secret","metadata":{"name":"seedgen"},"data":{"a":"b"}}',
    'SEEDGEN_SECRET_PLAIN',
  ],
  'as a second document': [`a: b\n---\n${secret('seedgen', plain)}`, 'SEEDGEN_SECRET_PLAIN'],
  'in a List': [
    `kind: List\nitems:\n  -\n${lines(secret('seedgen', plain), '    ')}`,
    'SEEDGEN_SECRET_PLAIN',
  ],
  'in a Policy': [
    `kind: Policy\nspec:\n  policy-templates:\n    - objectDefinition:\n        spec:\n          object-templates:\n            - objectDefinition:\n${lines(secret('seedgen', plain), '                ')}`,
    'SEEDGEN_SECRET_PLAIN',
  ],
  'in a ManifestWork': [
    `kind: ManifestWork\nspec:\n  workload:\n    manifests:\n      - ${lines(secret('seedgen', plain), '        ').trim()}\n`,
    'SEEDGEN_SECRET_PLAIN',
  ],
  'in a string of a ConfigMap': [
    `kind: ConfigMap\ndata:\n  a: |\n${lines(secret('seedgen', plain), '    ')}`,
    'SEEDGEN_SECRET_PLAIN',
  ],
  'in base64 of YAML': [
    `kind: ConfigMap\nbinaryData:\n  a: ${base64(secret('seedgen', plain))}\n`,
    'SEEDGEN_SECRET_PLAIN',
  ],
  'in a patch without a kind': ['data:\n  seedAuth: eHh4\n', 'SEEDGEN_SECRET_PLAIN'],
  'in a JSON patch': ['- op: add\n  path: /data/seedAuth\n  value: eHh4\n', 'SEEDGEN_SECRET_PLAIN'],
  'through a merge': [
    `b: &b {kind: Secret}\nc:\n  <<: [*b]\n  metadata: {name: seedgen}\n  data: {a: b}\n`,
    'SEEDGEN_SECRET_PLAIN',
  ],
  'through an alias': [
    'a: &a {k: v}\nb: {kind: Secret, metadata: {name: seedgen}, data: *a}\n',
    'SEEDGEN_SECRET_PLAIN',
  ],
  'behind escapes': [
    '"k\\x69nd": "Sec\\u0072et"\nmetadata: {name: seedgen}\ndata: {a: b}\n',
    'SEEDGEN_SECRET_PLAIN',
  ],
  'where a key is doubled': [
    `kind: ConfigMap\n${secret('seedgen', plain)}`,
    'SEEDGEN_SECRET_PLAIN',
  ],
  'made by kustomize': [
    'secretGenerator:\n  - name: seedgen\n    files: [auth.json]\n',
    'SEEDGEN_SECRET_PLAIN',
  ],
  'made by kustomize, by its key': [
    'secretGenerator:\n  - name: x\n    literals: [seedAuth=x]\n',
    'SEEDGEN_SECRET_PLAIN',
  ],
  'beside broken YAML': ['a: [\nkind: Secret\n  seedAuth: bm90LXdlbGw=\n', 'SEEDGEN_SECRET_PLAIN'],
  'with a placeholder': [secret('seedgen', 'data:\n  seedAuth: <base64 of auth.json>\n')],
  'that is empty': [secret('seedgen', 'data: {}\n')],
  'that a policy reads on the hub': ['data:\n  seedAuth: \'{{hub fromSecret "a" "b" "c" hub}}\'\n'],
  'that only is referred to': ['ref:\n  kind: Secret\n  name: seedgen\n'],
  'generated of nothing': ['secretGenerator:\n  - name: seedgen\nresources: []\n'],
  'in a generator that is no list': ['secretGenerator: seedgen\n'],
})

check('finds authfile material in up to three layers of base64', {
  'as JSON in a string': [`data:\n  a: '${authfile}'\n`, 'AUTHFILE_MATERIAL'],
  'as YAML': [`auths:\n  quay.io:\n    auth: ${base64('a:b')}\n`, 'AUTHFILE_MATERIAL'],
  'as folded YAML': [
    `auths:\n  quay.io:\n    auth: >-\n      ${base64('robot:pass').slice(0, 8)}\n      ${base64('robot:pass').slice(8)}\n`,
    'AUTHFILE_MATERIAL',
  ],
  'in a comment': [`# ${authfile}\na: b\n`, 'AUTHFILE_MATERIAL'],
  'in a comment, encoded': [`# ${base64(authfile)}\na: Secret\n`, 'AUTHFILE_MATERIAL'],
  'as a key': [`? '${authfile}'\n: b\n`, 'AUTHFILE_MATERIAL'],
  'as a string in a string': [
    JSON.stringify({ a: JSON.stringify({ b: authfile }) }),
    'AUTHFILE_MATERIAL',
  ],
  once: [`data:\n  a: ${base64(authfile)}\n`, 'AUTHFILE_MATERIAL'],
  twice: [`data:\n  a: ${base64(base64(authfile))}\n`, 'AUTHFILE_MATERIAL'],
  thrice: [`data:\n  a: ${thrice}\n`, 'AUTHFILE_MATERIAL'],
  'URL-safe': [
    `a: ${Buffer.from(`>>>???${authfile}`).toString('base64url')}\n`,
    'AUTHFILE_MATERIAL',
  ],
  'wrapped at 20': [`a: |\n${lines(wrapped(base64(authfile), 20), '  ')}\n`, 'AUTHFILE_MATERIAL'],
  'wrapped at 76, twice': [
    `a: |\n${lines(wrapped(base64(wrapped(base64(authfile), 76)), 76), '  ')}\n`,
    'AUTHFILE_MATERIAL',
  ],
  'wrapped in quotes': [
    `a: "${wrapped(base64(authfile), 40).replaceAll('\n', '\\\n  ')}"\n`,
    'AUTHFILE_MATERIAL',
  ],
  'behind a word': [`a: token/${base64(authfile)}\n`, 'AUTHFILE_MATERIAL'],
  'percent-encoded': [`a: data:,${encodeURIComponent(authfile)}\n`, 'AUTHFILE_MATERIAL'],
  'in UTF-16 in base64': [
    `a: ${Buffer.from(authfile, 'utf16le').toString('base64')}\n`,
    'AUTHFILE_MATERIAL',
  ],
  'with a token': ['{"auths":{"a.io":{"identitytoken":"0123456789abcdef"}}}', 'AUTHFILE_MATERIAL'],
  'with a password': [
    '{"auths":{"a.io":{"username":"u","password":"hunter22"}}}',
    'AUTHFILE_MATERIAL',
  ],
  'in a Secret of another kind': [
    secret('x', `stringData:\n  config.json: '${authfile}'\n`),
    'KNOWN_SECRET',
    'AUTHFILE_MATERIAL',
  ],
  'of a generator': [`configMapGenerator:\n  - literals: ['a=${authfile}']\n`, 'AUTHFILE_MATERIAL'],
  'with an emptied pull secret': [
    `{"auths":{"a.io":{"username":"empty","password":"empty","auth":"${base64('empty:empty')}"}}}`,
  ],
  'with no credential': ['{"auths":{"a.io":{"auth":"changeme"}}}'],
  'with what is no base64': ['{"auths":{"a.io":{"auth":"a.b.c.d"}}}'],
  'with a placeholder': ['{"auths":{"a.io":{"auth":"<token>","identitytoken":"${TOKEN}"}}}'],
  'with noise': [`a: ${randomBytes(400).toString('base64')}\n`],
  'auth of something else': ['auth: {a: [b]}\n'],
  'password of something else': ['password: hunter22\n'],
  'four layers deep': [`a: ${base64(thrice)}\n`],
})

check('finds private keys, encoded or not', {
  PKCS8: [`a: |\n${lines(key, '  ')}`, 'PRIVATE_KEY'],
  'RSA in one string': [JSON.stringify({ a: pem('RSA ') }), 'PRIVATE_KEY'],
  'OpenSSH, encoded': [`a: ${base64(pem('OPENSSH '))}\n`, 'PRIVATE_KEY'],
  'with headers': [
    key.replace('-----\n', '-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n'),
    'PRIVATE_KEY',
  ],
  'in a TLS Secret': [
    secret('tls', `type: kubernetes.io/tls\ndata:\n  tls.key: ${base64(key)}\n`),
    'KNOWN_SECRET',
    'PRIVATE_KEY',
  ],
  'whose header only is named': ['# it begins with -----BEGIN PRIVATE KEY-----\na: b\n'],
  'of which only the certificate is there': [key.replaceAll('PRIVATE KEY', 'CERTIFICATE')],
})

check('lets only ciphertext through in a SealedSecret', {
  ...Object.fromEntries(
    [256, 384, 512, 1024].map(size => [
      `of ${size * 8} bits`,
      [sealed(`encryptedData:\n  seedAuth: ${ciphertext(size)}`)] as const,
    ]),
  ),
  wrapped: [sealed(`encryptedData:\n  seedAuth: |\n${lines(wrapped(ciphertext(), 76), '    ')}`)],
  'of an odd size': [
    sealed(`encryptedData:\n  a: ${ciphertext(512, 511)}`),
    'SEALED_NO_CIPHERTEXT',
  ],
  'too short': [sealed('encryptedData:\n  a: AgA='), 'SEALED_NO_CIPHERTEXT'],
  'of one byte': [sealed('encryptedData:\n  a: Ag=='), 'SEALED_NO_CIPHERTEXT'],
  'no base64': [sealed('encryptedData:\n  a: "p:w"'), 'SEALED_NO_CIPHERTEXT'],
  'a plain authfile': [
    sealed(`encryptedData:\n  seedAuth: ${base64(authfile)}`),
    'AUTHFILE_MATERIAL',
    'SEALED_NO_CIPHERTEXT',
  ],
  'no map': [sealed('encryptedData: [a]'), 'SEALED_NO_CIPHERTEXT'],
  nothing: [sealed('encryptedData: {}'), 'SEALED_NO_CIPHERTEXT'],
  'a map': [sealed('encryptedData: {a: {b: c}}'), 'SEALED_NO_CIPHERTEXT'],
  'a key alone': [sealed('encryptedData: {a}'), 'SEALED_NO_CIPHERTEXT'],
  'an empty value': [sealed('encryptedData: {a: ""}'), 'SEALED_NO_CIPHERTEXT'],
  'a placeholder': [sealed('encryptedData: {a: <sealed>}')],
  'a patch of metadata': [sealed('template: {metadata: {labels: {a: b}}}')],
  'version 1': [sealed('data: AgBy'), 'SEALED_V1_DATA'],
  'version 1, empty': [sealed('data: {}')],
  'template data': [sealed('template:\n  data:\n    a: "{{ .b }} c"'), 'SEALED_TEMPLATE_DATA'],
  'template stringData': [sealed('template:\n  stringData: {a: b}'), 'SEALED_TEMPLATE_DATA'],
  'last-applied of the template': [
    sealed(`template:\n  metadata:\n    annotations:\n      ${lastApplied}: "{}"`),
    'SEALED_LAST_APPLIED',
  ],
  'last-applied of the Secret': [
    sealed(
      'template: {}',
      `  annotations:\n    ${lastApplied}: '${JSON.stringify({ kind: 'Secret', data: { a: 'b' } })}'\n`,
    ),
    'KNOWN_SECRET',
    'SEALED_LAST_APPLIED',
  ],
  'template data as text': [sealed('template:\n  data: text'), 'SEALED_TEMPLATE_DATA'],
  'last-applied as a map': [sealed('template: {}', `  annotations:\n    ${lastApplied}: {a: b}\n`)],
  'last-applied of itself': [
    sealed('template: {}', `  annotations:\n    ${lastApplied}: '{"kind":"SealedSecret"}'\n`),
  ],
  'a good patch': [`- op: add\n  path: /spec/encryptedData/seedAuth\n  value: ${ciphertext()}\n`],
  'a bad patch': [
    '# SealedSecret\n- op: add\n  path: /spec/encryptedData/seedAuth\n  value: c2VjcmV0\n',
    'SEALED_NO_CIPHERTEXT',
  ],
})

const pull = `'${authfile}'`
check('lets Secrets pass that such repositories hold on purpose, and tells of them', {
  'of a BMC': [secret('bmc', 'data: {username: YQ==, password: Yg==}\n'), 'KNOWN_SECRET'],
  'a pull secret by its type': [
    secret('p', `type: kubernetes.io/dockerconfigjson\nstringData:\n  x: ${pull}\n`),
    'KNOWN_SECRET',
  ],
  'a pull secret by its key': [
    secret('p', `data:\n  .dockerconfigjson: ${base64(authfile)}\n`),
    'KNOWN_SECRET',
  ],
  'a pull secret through an alias': [
    `a: &a ${pull}\nb: {kind: Secret, data: {.dockerconfigjson: *a }}\n`,
    'KNOWN_SECRET',
  ],
  'a seedgen that poses as one': [
    secret(
      'seedgen',
      `type: kubernetes.io/dockerconfigjson\nstringData:\n  .dockerconfigjson: ${pull}\n`,
    ),
    'SEEDGEN_SECRET_PLAIN',
    'AUTHFILE_MATERIAL',
  ],
  'a pull secret in a string': [
    `data:\n  a: |\n${lines(secret('p', `data:\n  .dockerconfigjson: ${base64(authfile)}\n`), '    ')}`,
    'KNOWN_SECRET',
  ],
  'an odd name': ['kind: Secret\nmetadata: {name: [a]}\ndata: {a: b}\n', 'KNOWN_SECRET'],
  'odd literals': ['secretGenerator:\n  - literals: [{a: b}]\n'],
  'odd values': [secret('p', 'data: {a: {b: c}, d: null, e: [f]}\n'), 'KNOWN_SECRET'],
  'made by kustomize': ['secretGenerator:\n  - name: x\n    env: a.env\n', 'KNOWN_SECRET'],
  'an ExternalSecret': [
    'kind: ExternalSecret\nspec:\n  target: {name: seedgen, template: {data: {seedAuth: "{{ .a }} "}}}\n',
    'MANAGED_ELSEWHERE',
  ],
  SOPS: [
    secret(
      'seedgen',
      'data:\n  seedAuth: ENC[AES256_GCM,data:aa,iv:bb,type:str]\nsops: {mac: x}\n',
    ),
    'MANAGED_ELSEWHERE',
  ],
  'SOPS that left a value plain': [
    secret('seedgen', `${plain}sops: {mac: x}\n`),
    'MANAGED_ELSEWHERE',
    'SEEDGEN_SECRET_PLAIN',
  ],
  'what is hardly YAML': ['? Secret\n? kind\n? {seedAuth}\n? {[a]: b, <<: x}\n'],
  'keys without values': ['kind: Secret\ndata:\n  ? seedAuth\nsops:\n'],
  Helm: ['kind: Secret\ndata:\n  a: {{ .Values.a }}\n{{- end }}\n'],
})

check(
  'looks at text that is no YAML as text, and at manifests whatever they are called',
  {
    'prose with an authfile': [`Write this:\n\n${authfile}\n`, 'AUTHFILE_MATERIAL'],
    'prose about Secrets': ['The Secret `seedgen` has the key seedAuth: see below.\n'],
    'a manifest': [secret('seedgen', plain), 'SEEDGEN_SECRET_PLAIN'],
    code: ['const a = { seedAuth: encodedAuthfile }\n'],
    nothing: [''],
  },
  'notes.txt',
)

t.test('YAML that cannot be read fails where sealed files lie, and nowhere else', t => {
  const broken = 'a: b\n c: [\n'
  t.strictSame(codesOf(broken), [])
  t.strictSame(
    scanFile({ path: 'a.yaml', text: broken, isWatched: true }).at(0)?.code,
    'YAML_UNREADABLE',
  )
  t.ok(codesOf('kind: SealedSecret\n a: [\n').includes('YAML_UNREADABLE'), 'in itself')
  t.strictSame(codesOf(broken, 'a.md', true), [], 'of another type')
  t.strictSame(codesOf('a: b\n', 'a.yaml', true), [])
  t.end()
})

t.test('tells the line of a finding, once, in order', t => {
  const text = `${secret('seedgen', plain)}---\nb: '${authfile}'\nc: '${authfile}'\n`
  t.strictSame(scanFile({ path: 'p', text }), [
    { path: 'p', line: 6, code: 'SEEDGEN_SECRET_PLAIN' },
    { path: 'p', line: 8, code: 'AUTHFILE_MATERIAL' },
    { path: 'p', line: 9, code: 'AUTHFILE_MATERIAL' },
  ])
  const both = scanFile({ path: 'p', text: `# ${authfile} ${key.replaceAll('\n', '\\n')}` })
  t.strictSame(
    both.map(({ line, code }) => `${line} ${code}`),
    ['1 AUTHFILE_MATERIAL', '1 PRIVATE_KEY'],
  )
  t.end()
})

t.test('hostile files end soon, and hide nothing from the text scan', t => {
  const chain = Array.from(
    { length: 40 },
    (_, at) => `b${at + 1}: &b${at + 1} {<<: [*b${at},*b${at}]}\n`,
  )
  const hostile = [
    `# ${authfile}\n${'['.repeat(20_000)}`,
    `# ${authfile}\n${'- '.repeat(90)}Secret`,
    `# ${authfile}\nb0: &b0 {kind: Secret}\n${chain.join('')}`,
    `# ${authfile}\n${Array.from({ length: 30_000 }, (_, at) => `b${at}: {<<: *b}\n`).join('')}b: &b {a: Secret}\n`,
    `${'a'.repeat(1_000_000)}\n# ${authfile}`,
    `# ${authfile}\na: &a [*a, *nowhere]\n`,
  ]
  // One that did not end would run into the time limit of the whole test.
  for (const text of hostile) {
    t.ok(codesOf(text).includes('AUTHFILE_MATERIAL'))
  }
  let nested = authfile
  for (let depth = 0; depth < 9; depth += 1) nested = JSON.stringify({ Secret: nested })
  t.strictSame(codesOf(nested), ['AUTHFILE_MATERIAL'], 'nested deeper than is followed')
  const deep = ['- '.repeat(200_000), '- &a !!b '.repeat(500), '{a: '.repeat(300)]
  for (const text of deep)
    t.strictSame(codesOf(text, 'a.yaml', true), ['YAML_UNREADABLE'], 'nested deeper than is read')
  for (const text of [
    '- [{a: [b]}]\n'.repeat(300),
    `a:\n${' '.repeat(501)}b`,
    `a: "${'['.repeat(300)}"`,
  ])
    t.strictSame(codesOf(text, 'a.yaml', true), [])
  t.end()
})

t.test('reads any encoding for what is ASCII in it', t => {
  for (const encoding of ['utf8', 'utf16le'] as const)
    for (const mark of ['', '\uFEFF'])
      t.equal(decodeBytes(Buffer.from(`${mark}a: b\n`, encoding)), 'a: b\n', encoding)
  t.equal(decodeBytes(Buffer.from('a: b\n', 'utf16le').swap16()), 'a: b\n')
  t.match(decodeBytes(Buffer.from([0xff, 0x61, 0x0a])), /a\n$/)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      scanFile({ path: 'a.yaml', text: decodeBytes(bytes), isWatched: true })
    }),
    { numRuns: propertyRuns(100) },
  )
  t.end()
})

t.test('knows which findings fail, and documents every code', t => {
  const strict = { failOnKnownSecrets: true }
  t.ok(isLeak({ code: 'PRIVATE_KEY' }, { failOnKnownSecrets: false }))
  t.notOk(isLeak({ code: 'KNOWN_SECRET' }, { failOnKnownSecrets: false }))
  t.ok(isLeak({ code: 'KNOWN_SECRET' }, strict))
  t.notOk(isLeak({ code: 'NOT_SCANNED' }, strict))
  const documented = readFileSync(new URL('../../docs/scan.md', import.meta.url), 'utf8')
  for (const code of [...leakCodes, ...noteCodes]) t.ok(documented.includes(`\`${code}\``), code)
  t.end()
})
