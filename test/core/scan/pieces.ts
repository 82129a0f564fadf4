import { randomBytes } from 'node:crypto'
import t from 'tap'
import { isMap, parseDocument, type Node } from 'yaml'
import { credentialMaterial } from '../../../src/core/scan/credential-material.ts'
import {
  isFilledIn,
  isPlaceholder,
  isPlaceholderPair,
} from '../../../src/core/scan/is-placeholder.ts'
import { decodedRuns, withoutPercents } from '../../../src/core/scan/decoded-runs.ts'
import { describeLeaks } from '../../../src/core/scan/describe-leaks.ts'
import { isCiphertext } from '../../../src/core/scan/is-ciphertext.ts'
import { isPlain, judgeMap } from '../../../src/core/scan/judge-map.ts'
import { nodeReader, offsetOf, scalarText } from '../../../src/core/scan/node-reader.ts'
import { largestParsed, scanText } from '../../../src/core/scan/scan-text.ts'
import { withoutActions } from '../../../src/core/scan/without-actions.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')
// Put together here, so that this file is none.
const header = ['-----BEGIN', 'PRIVATE', 'KEY-----'].join(' ')
const auth = base64('robot:p4ssword')
const sealedValue = (size: number, more = 32): string => {
  const bytes = randomBytes(2 + size + more)
  bytes.writeUInt16BE(size)
  return bytes.toString('base64')
}

t.test('finds credentials that stand in a text as they are, and where', t => {
  for (const [text, ...found] of [
    [`auth: ${auth}`, ['AUTHFILE_MATERIAL', 0]],
    [`{"a": 1, "auth":"${auth}"}`, ['AUTHFILE_MATERIAL', 10]],
    [`"{\\"auth\\":\\"${auth}\\"}"`, ['AUTHFILE_MATERIAL', 4]],
    ['identitytoken: 0123456789abcdef', ['AUTHFILE_MATERIAL', 0]],
    ['auths: {a: {password: p4ss}}', ['AUTHFILE_MATERIAL', 12]],
    [`x\n${header}\n${'A'.repeat(24)}`, ['PRIVATE_KEY', 2]],
    [`auth: ${base64('empty:empty')}`],
    [`auth: ${base64('nothing')}`],
    ['auth: <yours>'],
    ['oauth: 0123456789abcdef'],
    ['password: p4ssword'],
    ['auths: each has a password: choose a good one'],
    ['auths: password: swordfish', ['AUTHFILE_MATERIAL', 7]],
    ['auths: password: swordfish user: a', ['AUTHFILE_MATERIAL', 7]],
    ['auths: {a: {password: <your token>}}'],
    [`${header}\n${'x'.repeat(64)}`],
    [`${header}\n${'x'.repeat(64)}\n${'A'.repeat(24)}`, ['PRIVATE_KEY', 0]],
    ['auths: {a: {password: empty}}'],
    ['identitytoken: short'],
    [header],
  ] as const)
    t.strictSame(
      credentialMaterial(text).map(({ code, at }) => [code, at]),
      found,
      text.replace(header, 'a header'),
    )
  t.end()
})

t.test('knows what somebody fills in later', t => {
  for (const value of [
    '',
    ' ',
    '<password>',
    '{{ .Values.x }}',
    '$TOKEN',
    '${TOKEN}',
    'ENC[AES256,data:x]',
    '{{ .a }}:{{ .b }}',
    'changeme',
    'REDACTED',
    'xxxx',
    '***-***'.replaceAll('-', '*'),
    '...',
    'your-token-here',
    'my password',
    'YOUR_TOKEN',
    '__TOKEN__',
    '%TOKEN%',
    '$(cat token)',
    'process.env.TOKEN',
  ])
    t.ok(isPlaceholder(value), value)
  for (const value of ['p4ss', '<a> b', '$5 off', '{{ a }} b', 'changeme-7f3a', 'xxx', 'my-horse'])
    t.notOk(isPlaceholder(value), value)
  t.ok(isFilledIn('{{ .a }}'))
  t.notOk(isFilledIn('changeme'), 'by a person')
  for (const pair of ['empty:empty', 'user:password', 'robot:<later>', '<you>:<password>'])
    t.ok(isPlaceholderPair(pair), pair)
  for (const pair of ['admin:password', 'changeme:p4ss', 'a:b'])
    t.notOk(isPlaceholderPair(pair), pair)
  t.end()
})

t.test('decodes what can be read of the base64 in a text', t => {
  const told = (text: string): readonly string[] =>
    [...decodedRuns(text)].map(run => `${run.at} ${run.text}`)
  const secret = 'some secret that is told'
  t.ok(told(`key: ${base64(secret)}`).includes(`5 ${secret}`))
  t.ok(
    told(`- |\n  ${base64(secret).replace(/.{4}/g, '$&\n  ')}`).some(text => text.endsWith(secret)),
    'wrapped',
  )
  t.ok(
    told(`a${base64(secret)}`).some(text => text.endsWith(secret)),
    'with a letter in front',
  )
  t.strictSame(told('key: short'), [])
  t.equal(withoutPercents('%7B%22auth%22%3a'), '{"auth":')
  t.equal(withoutPercents('100%'), undefined)
  t.end()
})

t.test('takes for ciphertext what a controller could open, and nothing else', t => {
  for (const [what, value, is] of [
    ['of 4096 bits', sealedValue(512), true],
    ['of 2048 bits', sealedValue(256), true],
    ['wrapped', sealedValue(512).replace(/.{60}/g, '$&\n'), true],
    ['of no key size', sealedValue(300), false],
    ['cut off', sealedValue(512, 15), false],
    ['a password', base64('robot:p4ssword'), false],
    ['of one byte', 'Ag==', false],
    ['no base64', `${sealedValue(512)}-`, false],
    ['nothing', '', false],
  ] as const)
    t.equal(isCiphertext(value), is, what)
  t.end()
})

t.test('what cannot be read is less than what has leaked', t => {
  const of = (...codes: readonly ('YAML_UNREADABLE' | 'PRIVATE_KEY')[]) =>
    describeLeaks(codes.map(code => ({ path: 'a', line: 1, code })))
  t.match(of('YAML_UNREADABLE'), { code: 'SCAN_INCOMPLETE', fix: /correct the YAML/ })
  t.match(of('YAML_UNREADABLE', 'PRIVATE_KEY'), { code: 'CREDENTIAL_LEAKED', fix: /revoke/ })
  t.end()
})

const mapIn = (text: string) => {
  const { contents } = parseDocument(text, { uniqueKeys: false })
  const anchors = new Map<string, Node>()
  if (!isMap(contents)) throw new Error('no mapping')
  for (const { value } of contents.items)
    if (isMap(value) && value.anchor) anchors.set(value.anchor, value)
  return { map: contents, reader: nodeReader(anchors) }
}

t.test('reads keys that are doubled, merged in or behind an alias', t => {
  const { map, reader } = mapIn(
    'base: &b {a: 1, nested: {c: 2}}\nown: *b\na: "x"\na: y\n<<: [*b, {a: z}]\nlist: [1]\n',
  )
  t.strictSame(reader.textsOf(map, 'a'), ['x', 'y', '1', 'z'])
  t.strictSame(reader.textsOf(map, 'list'), [], 'no text')
  const [own] = reader.valuesOf(map, 'own')
  t.strictSame(reader.textsOf(own, 'a'), ['1'])
  t.equal(offsetOf(own), 9)
  t.equal(offsetOf('no node'), 0)
  t.equal(scalarText(own), undefined)
  t.strictSame(reader.valuesOf('no node', 'a'), [])
  t.end()
})

t.test('reads the template of a chart as the YAML that it becomes, at the same places', t => {
  for (const [text, as, ...actions] of [
    ['a: {{ .b }}\n', 'a: <______>\n', [3, 11]],
    [
      '{{- if .a }}\na: 1\n  {{ end }} {{/* b */}}\n',
      `${' '.repeat(12)}\na: 1\n${' '.repeat(23)}\n`,
    ],
    ['a: "{{ b "}}" `}}` }}"', 'a: "<_______________>"', [4, 21]],
    ['a: b{{ if c }}d{{ end }}', 'a: b          d         '],
    ['a: ${{ b }}', 'a: <______>', [3, 11]],
    ['a: {{ {b} }}', 'a: {{ {b} }}'],
    ['a: {{ b\n}}', 'a: {{ b\n}}'],
    ['a: {{ "b }} {{ c }}', 'a: {{ "b }} <_____>', [12, 19]],
  ] as const) {
    const read = withoutActions(text)
    t.equal(read.text, as, text)
    for (const [from, to] of actions)
      t.ok(read.actions.some(one => one.from === from && one.to === to))
  }
  t.end()
})

t.test('judges a map by what Kubernetes or kustomize would make of it', t => {
  for (const [text, ...codes] of [
    ['kind: Secret\nmetadata: {name: a}\ndata: {key: eA==}\n', 'KNOWN_SECRET'],
    ['kind: Secret\nmetadata: {name: a}\ndata: {key: <later>}\n'],
    ['kind: Secret\nmetadata: {name: seedgen}\ndata: {seedAuth: null}\n'],
    ['kind: Secret\nmetadata: {name: seedgen}\ndata: {seedAuth: UkVEQUNURUQ=}\n', 'KNOWN_SECRET'],
    ['kind: Secret\nstringData: {key: {a: b}}\n', 'KNOWN_SECRET'],
    ...['null', '~', '', 'Null', 'NULL', '{}', '{a: null, b}'].map(
      nothing =>
        [
          `kind: SealedSecret\nspec:\n  data: ${nothing}\n  template:\n    data: ${nothing}\n`,
        ] as const,
    ),
    ['kind: SealedSecret\nspec: {template: {data: {a: null, b: c}}}\n', 'SEALED_TEMPLATE_DATA'],
    ['kind: Secret\nmetadata: {name: seedgen}\ndata: {key: eA==}\n', 'SEEDGEN_SECRET_PLAIN'],
    ['kind: Secret\nmetadata: {name: a}\nstringData: {seedAuth: x}\n', 'SEEDGEN_SECRET_PLAIN'],
    ['kind: Secret\nsops: {a: b}\ndata: {}\n', 'MANAGED_ELSEWHERE'],
    ['kind: ExternalSecret\n', 'MANAGED_ELSEWHERE'],
    [`kind: SealedSecret\nspec: {encryptedData: {a: ${sealedValue(256)}}}\n`],
    ['kind: SealedSecret\nspec: {encryptedData: {a: eA==}}\n', 'SEALED_NO_CIPHERTEXT'],
    ['kind: SealedSecret\nspec: {encryptedData: {}}\n', 'SEALED_NO_CIPHERTEXT'],
    [
      'kind: SealedSecret\nspec: {data: x, template: {data: {a: b}}}\n',
      'SEALED_V1_DATA',
      'SEALED_TEMPLATE_DATA',
    ],
    ['secretGenerator: [{name: a, literals: [b=c]}]\n', 'KNOWN_SECRET'],
    ['secretGenerator: [{name: a, files: [seedAuth=f]}]\n', 'SEEDGEN_SECRET_PLAIN'],
    ['secretGenerator: [{name: a}]\n'],
    ['path: /spec/encryptedData/seedAuth\nvalue: eA==\n', 'SEALED_NO_CIPHERTEXT'],
    ['path: /data/seedAuth\nvalue: eA==\n', 'SEEDGEN_SECRET_PLAIN'],
    ['path: /data/other\nvalue: eA==\n'],
  ] as const) {
    const { map, reader } = mapIn(text)
    t.strictSame(
      judgeMap(map, reader).findings.map(({ code }) => code),
      codes,
      text,
    )
  }
  const pull = mapIn('kind: Secret\ntype: kubernetes.io/dockerconfigjson\ndata: {a: eA==}\n')
  t.equal(judgeMap(pull.map, pull.reader).pullSecrets.length, 1)
  const sealed = mapIn('kind: SealedSecret\n')
  t.equal(judgeMap(sealed.map, sealed.reader).isSealed, true)
  t.ok(isPlain(pull.reader.valuesOf(pull.map, 'kind')[0]))
  t.notOk(isPlain(pull.map))
  t.end()
})

t.test('scans a text as it stands, as YAML, and what lies in it', t => {
  const codes = (text: string, parses: 'never' | 'if-worth-it' | 'always' = 'always') =>
    scanText(text, { parses }).map(({ code }) => code)
  const secret = 'kind: Secret\nmetadata: {name: seedgen}\ndata: {a: eA==}\n'
  t.strictSame(codes(secret), ['SEEDGEN_SECRET_PLAIN'])
  t.strictSame(codes(secret, 'never'), [])
  t.strictSame(codes(`a: |\n  ${secret.replaceAll('\n', '\n  ')}`), ['SEEDGEN_SECRET_PLAIN'])
  t.strictSame(codes(`a: ${base64(secret)}\n`, 'if-worth-it'), ['SEEDGEN_SECRET_PLAIN'])
  t.strictSame(codes('a: "\n'), ['YAML_UNREADABLE'])
  t.strictSame(codes('a: "\n', 'if-worth-it'), [], 'nothing in it speaks of a secret')
  t.strictSame(codes(`# ${'x '.repeat(largestParsed / 2)}`), ['YAML_UNREADABLE'], 'too large')
  t.end()
})
