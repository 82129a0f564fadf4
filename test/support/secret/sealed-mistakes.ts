import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Expectations } from '../../../src/core/secret/sealed/check-notes.ts'
import { fingerprintOf, type SealingKey } from '../../../src/core/secret/sealed/sealing-key.ts'
import { parseImageReference } from '../../../src/core/seedgen/image-reference.ts'
import { authfile, manifest, now, sealed, sealedBytes as short } from './sealed-scene.ts'

const larger = generateKeyPairSync('rsa', { modulusLength: 3072 }).publicKey
const keyOf = (key: KeyObject): SealingKey => ({
  publicKey: key,
  fingerprint: fingerprintOf(key),
  notAfter: null,
})
const replaced = (from: string | RegExp, to: string, text = manifest()): string => {
  const after = text.replace(from, to)
  if (after === text) throw new Error(`${String(from)} is not there`)
  return after
}
const annotated = (line: string, text = manifest()): string =>
  replaced('  annotations:\n', `  annotations:\n    ${line}\n`, text)
const ofLength = (length: number): string => {
  const bytes = Buffer.alloc(length + 100, 7)
  bytes.writeUInt16BE(length)
  return bytes.toString('base64')
}

/** What is wrong, the text, what is said about it in this order, and what it is held against. */
export const sealedMistakes: readonly (readonly [
  string,
  string,
  readonly RegExp[],
  Partial<Expectations>?,
])[] = [
  ['nothing', '', [/^bad SEALED_UNREADABLE: it is not a SealedSecret/]],
  ['two documents', `${manifest()}---\n${manifest()}`, [/^bad SEALED_UNREADABLE: .*one correct/]],
  ['another kind', replaced('kind: SealedSecret', 'kind: A'), [/^bad SEALED_UNREADABLE/]],
  ['another version', replaced('v1alpha1', 'v2'), [/^bad SEALED_UNREADABLE/]],
  [
    'a list as metadata',
    'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: []\n',
    [/type that the API server does not take/],
  ],
  ['a number as annotation', annotated('a: 5'), [/^bad SEALED_UNREADABLE: a field/]],
  ['a plain Secret', 'apiVersion: v1\nkind: Secret\n', [/^bad SEALED_PLAIN_SECRET: /]],
  [
    'another name in the template',
    replaced(/(template:[^]*name: )seedgen/, '$1x'),
    [
      /^bad SEALED_TARGET: it is for sower-seeds\/seedgen, strict, but its template for sower-seeds\/x, strict$/,
    ],
  ],
  [
    'another namespace in the template',
    replaced(/(template:[^]*namespace: )\S+/, '$1x'),
    [/^bad SEALED_TARGET: .* x\/seedgen/],
  ],
  [
    'another scope in the template',
    annotated('sealedsecrets.bitnami.com/cluster-wide: "true"'),
    [/^bad SEALED_TARGET: .*cluster-wide, but its template for .*strict/, /^warn SEALED_SCOPE/],
  ],
  [
    'another place than sower.yaml says',
    manifest(),
    [/^bad SEALED_TARGET: .* but sower\.yaml expects sower-seeds\/x, strict/],
    { place: { namespace: 'sower-seeds', name: 'x' } },
  ],
  [
    'a namespace',
    manifest({ scope: 'namespace-wide' }),
    [/^warn SEALED_SCOPE: whoever may create a SealedSecret in sower-seeds/],
  ],
  [
    'the whole hub',
    manifest({ scope: 'cluster-wide' }),
    [/^warn SEALED_SCOPE: .* anywhere on the hub/],
  ],
  [
    'a scope that does not count',
    annotated('sealedsecrets.bitnami.com/cluster-wide: "yes"'),
    [/^warn SEALED_SCOPE: .*counts only with the value "true"/],
  ],
  [
    'template data',
    replaced('  template:', '  template:\n    data: { a: b }'),
    [/^bad SEALED_TEMPLATE_DATA/],
  ],
  [
    'the first format',
    replaced('  template:', '  data: AgBy\n  template:'),
    [/^bad SEALED_V1_DATA/],
  ],
  ['no template data', replaced('  template:', '  data: {}\n  template:\n    data: null'), []],
  [
    'what kubectl apply left',
    annotated('kubectl.kubernetes.io/last-applied-configuration: "{}"'),
    [/^bad SEALED_LAST_APPLIED/],
  ],
  [
    'what kubectl apply left in the template',
    replaced(
      /(template:\n {4}metadata:\n)/,
      '$1      annotations: { kubectl.kubernetes.io/last-applied-configuration: "" }\n',
    ),
    [/^bad SEALED_LAST_APPLIED/],
  ],
  [
    'another item',
    replaced('    seedAuth: ', '    other: '),
    [/^bad SEALED_ITEMS: it does not hold seedAuth/, /^warn SEALED_PROVENANCE/],
  ],
  [
    'one more item',
    replaced('    seedAuth: ', '    other: AgBy\n    seedAuth: '),
    [/^bad SEALED_ITEMS: it holds 2 items/],
  ],
  [
    'a list as value',
    replaced(/seedAuth: .*/, 'seedAuth: []'),
    [/^bad SEALED_NOT_CIPHERTEXT/, /^warn SEALED_PROVENANCE/],
  ],
  [
    'plain base64',
    manifest({ sealed: authfile().toString('base64') }),
    [/^bad SEALED_NOT_CIPHERTEXT/],
  ],
  [
    'base64 with a stray bit',
    manifest({ sealed: `${sealed.replace(/=*$/, '')}!` }),
    [/^bad SEALED_NOT_CIPHERTEXT/],
  ],
  [
    'an RSA part of an odd length',
    manifest({ sealed: ofLength(300) }),
    [/^bad SEALED_NOT_CIPHERTEXT/],
  ],
  ['nothing sealed', manifest({ sealed: short(0) }), [/^bad SEALED_LENGTH: it seals 0 bytes/]],
  ['a byte sealed', manifest({ sealed: short(1) }), [/^bad SEALED_LENGTH: it seals 1 bytes/]],
  ['two bytes sealed', manifest({ sealed: short(2) }), []],
  ['too much sealed', manifest({ sealed: short(64 * 1024 + 1) }), [/^bad SEALED_LENGTH/]],
  ['64 KiB sealed', manifest({ sealed: short(64 * 1024) }), []],
  [
    'another key',
    manifest({ keyFingerprint: 'SHA256:other' }),
    [/^warn SEALED_KEY: it is sealed with another key/],
  ],
  [
    'a key of another length',
    manifest({ keyFingerprint: 'SHA256:other' }),
    [/^warn SEALED_KEY: it is sealed with another key/],
    { key: keyOf(larger) },
  ],
  [
    'a key that it cannot be',
    manifest({ keyFingerprint: fingerprintOf(larger) }),
    [/^bad SEALED_KEY: its note says SHA256:.*cannot have sealed it/],
    { key: keyOf(larger) },
  ],
  [
    'no notes',
    replaced(/ {4}sower\.dev\/.*\n/g, ''),
    [/^warn SEALED_KEY: it may be sealed with/, /^warn SEALED_PROVENANCE: .*no notes/],
  ],
  [
    'no notes and no key',
    replaced(/ {4}sower\.dev\/.*\n/g, ''),
    [/^warn SEALED_KEY: it is not known/, /^warn SEALED_PROVENANCE/],
    { key: null },
  ],
  [
    'another value than noted',
    replaced(/seedAuth: .*/, `seedAuth: ${short(50)}`),
    [/^warn SEALED_KEY: it may be/, /^warn SEALED_PROVENANCE: .*another value/],
  ],
  [
    'another image',
    manifest(),
    [/^bad SEALED_COVERS: its entry quay\.io\/org does not cover quay\.io\/organ\/seed/],
    { image: parseImageReference('quay.io/organ/seed:1') },
  ],
  [
    'no registry key',
    replaced(/ {4}sower\.dev\/registry-key.*\n/, ''),
    [/^warn SEALED_COVERS: no note says/],
  ],
  [
    '91 days',
    manifest({ sealedAt: '2026-08-23T09:00:00.000Z' }),
    [/^warn SEALED_AGE: rotation is due: it was sealed 91 days ago/],
  ],
  ['90 days', manifest({ sealedAt: '2026-08-24T10:00:00.000Z' }), []],
  ['a clock that is ahead', manifest({ sealedAt: '2026-11-22T15:00:00.000Z' }), []],
  [
    'tomorrow',
    manifest({ sealedAt: '2026-11-23T15:00:00.000Z' }),
    [/^warn SEALED_AGE: no note says rightly/],
  ],
  ['no time', replaced(/ {4}sower\.dev\/sealed-at.*\n/, ''), [/^warn SEALED_AGE/]],
  ['an expiry far away', manifest({ expiresAt: '2026-11-30T10:00:00.000Z' }), []],
  [
    'an expiry soon',
    manifest({ expiresAt: '2026-11-29T09:00:00.000Z' }),
    [/^warn SEALED_EXPIRY: the credential ends on 2026-11-29T09/],
  ],
  [
    'an expiry now',
    manifest({ expiresAt: now }),
    [/^bad SEALED_EXPIRY: the credential has expired/],
  ],
  ['an expiry that is none', manifest({ expiresAt: 'soon' }), [/^bad SEALED_EXPIRY/]],
]
