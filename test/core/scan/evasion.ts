import { randomBytes } from 'node:crypto'
import t from 'tap'
import { scanFile } from '../../../src/core/scan/scan-file.ts'

const header = ['-----BEGIN', 'PRIVATE', 'KEY-----'].join(' ')
const body = randomBytes(60).toString('base64')
const codes = (text: string, path = 'a.yaml') => [
  ...new Set(scanFile({ path, text }).map(({ code }) => code)),
]

t.test('a private key is found behind its own headers, however they are written', t => {
  for (const [what, text] of Object.entries({
    encrypted: `${header}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0123456789ABCDEF\n\n${body}`,
    'in a JSON string': `"${header}\\nProc-Type: 4,ENCRYPTED\\nDEK-Info: AES-256-CBC,01\\n\\n${body}"`,
    'as a list of lines': `["${header}",\n"Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-256-CBC,01",\n"${body}"]`,
    'in a comment': `# ${header}\n# Comment: mine\n#\n# ${body}`,
    'with Windows lines': `${header}\r\nVersion: GnuPG v2\r\n\r\n${body}`,
    'in a patch': `+${header}\n+${body}`,
  }))
    t.strictSame(codes(text, 'a.txt'), ['PRIVATE_KEY'], what)
  for (const [what, text] of Object.entries({
    'a header alone': header,
    'a header and a sentence': `${header}: it begins so`,
    'too many fields': `${header}\n${'Name: value\n'.repeat(9)}${body}`,
    'a field that does not end': `${header}\nName: ${'x y '.repeat(60)}\n${body}`,
  }))
    t.strictSame(codes(text, 'a.txt'), [], what)
  t.end()
})

t.test('no text makes the scan think for long', t => {
  const quotes = '"'.repeat(90)
  for (const [what, text] of Object.entries({
    'fields of a key that end anywhere': header + `aaaa: ${quotes}`.repeat(9),
    'fields of a key and spaces': header + `aaaa: ${quotes.replaceAll('"', ' ')}`.repeat(9),
    'dashes behind a key': header + '-'.repeat(1e6),
    'keys without end': header.repeat(40_000),
    'authfiles in authfiles': 'auths: password: aaaaa '.repeat(100_000),
    'actions that do not end': 'kind: Secret' + '{{\\"'.repeat(100_000),
  })) {
    // One that did not end would run into the time limit of the whole test.
    t.type(scanFile({ path: what.startsWith('actions') ? 'a.yaml' : 'a.txt', text }), Array, what)
  }
  t.end()
})

t.test(
  'YAML that is too large to be parsed is scanned as text, and does not pass where it matters',
  t => {
    const large = `a: [Secret${',a'.repeat(2_000_000)}]\n`
    t.strictSame(codes(large), ['NOT_SCANNED'])
    t.strictSame(codes(large, 'a.txt'), [])
    t.strictSame(
      scanFile({ path: 'a.yaml', text: large, isWatched: true }),
      [{ path: 'a.yaml', line: 1, code: 'YAML_UNREADABLE' }],
      'where sealed files lie',
    )
    t.strictSame(codes(`${large}seedAuth: cGxhaW4gdGV4dA==\n`), [
      'NOT_SCANNED',
      'SEEDGEN_SECRET_PLAIN',
    ])
    t.end()
  },
)

t.test('an alias as a key names what its anchor says', t => {
  for (const [what, text] of Object.entries({
    'the key of the Lifecycle Agent': 'k: &k seedAuth\nkind: ConfigMap\ndata:\n  *k : plain-text\n',
    'of a Secret': 'k: &k seedAuth\nkind: Secret\nmetadata: {name: other}\ndata: {*k : eHh4}\n',
    'data itself':
      'n: &n seedgen\nd: &d stringData\nkind: Secret\nmetadata: {name: *n}\n*d : {a: plain}\n',
    'the kind': 'k: &k kind\n*k : Secret\nmetadata: {name: seedgen}\nstringData: {a: plain}\n',
    'a merge':
      'b: &b {kind: Secret, metadata: {name: seedgen}}\nm: &m "<<"\n*m : *b\ndata: {a: b}\n',
  }))
    t.strictSame(codes(text), ['SEEDGEN_SECRET_PLAIN'], what)
  const auth = Buffer.from('robot:canary').toString('base64')
  t.strictSame(
    codes(`a: &a auth\nauths:\n  quay.io:\n    *a : ${auth}\n`),
    ['AUTHFILE_MATERIAL'],
    'an entry of an authfile',
  )
  t.end()
})
