import type { GuardCase } from './cases.ts'
import { manifest, sealedFor, strict } from '../../support/secret/sealed-scene.ts'

const secret = (name: string, rest = 'type: Opaque\n'): string =>
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\n  namespace: a\n${rest}`
const indented = (text: string, by: string): string => text.replace(/^(?=.)/gm, by)
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const sower = (more = ''): string =>
  `apiVersion: sower.dev/v1alpha1\nkind: Configuration\nseeds: [sno1]\n${more}`

/** The cases of the guards that are about the push credential. */
export const guardSecretCases: Readonly<Record<string, readonly GuardCase[]>> = {
  'no-plain-secret': [
    {
      what: 'a Secret of that name, even an empty one',
      render: [secret('seedgen')],
      says: /^Secret a\/seedgen in .*: it is, or holds, a plain Secret `seedgen`/,
    },
    {
      what: 'a Secret with that key',
      render: [secret('push', `data:\n  seedAuth: ${base64('{}')}\n`)],
      says: /a value `seedAuth`/,
    },
    {
      what: 'a Secret with that key in stringData',
      render: [secret('push', 'stringData:\n  seedAuth: <fill in>\n')],
      says: /a value `seedAuth`/,
    },
    {
      what: 'a Secret in a Policy',
      render: [
        `apiVersion: policy.open-cluster-management.io/v1\nkind: Policy\nmetadata:\n  name: p\n  namespace: policies\nspec:\n  policy-templates:\n  - objectDefinition:\n      spec:\n        object-templates:\n        - objectDefinition:\n${indented(secret('seedgen'), '            ')}`,
      ],
      says: /^Policy policies\/p in /,
    },
    {
      what: 'a Secret in a ManifestWork',
      render: [
        `apiVersion: work.open-cluster-management.io/v1\nkind: ManifestWork\nmetadata:\n  name: w\nspec:\n  workload:\n    manifests:\n    -\n${indented(secret('seedgen'), '      ')}`,
      ],
      says: /^ManifestWork w in /,
    },
    {
      what: 'a Secret in a List',
      render: [`apiVersion: v1\nkind: SecretList\nitems:\n-\n${indented(secret('seedgen'), '  ')}`],
      says: /^Secret a\/seedgen in /,
    },
    ...[0, 1, 2].map(shift => ({
      what: `a Secret in base64, shifted by ${shift}`,
      render: [
        `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  file: ${base64(`${'#'.repeat(shift)}\n${secret('seedgen', `stringData:\n  seedAuth: ${base64('robot:password')}\n`)}`)}\n`,
      ],
      says: /^ConfigMap c in /,
    })),
    {
      what: 'a Secret in the text of a ConfigMap',
      render: [
        `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  file: |\n${indented(secret('seedgen', `data:\n  seedAuth: ${base64('robot:password')}\n`), '    ')}`,
      ],
      says: /^ConfigMap c in /,
    },
    {
      what: 'a Secret in the templates of a Policy',
      render: [
        `apiVersion: policy.open-cluster-management.io/v1\nkind: ConfigurationPolicy\nmetadata:\n  name: p\nspec:\n  object-templates-raw: |\n    {{- range $i := list 1 }}\n    - objectDefinition:\n${indented(secret('seedgen', 'stringData:\n  seedAuth: abcdefgh\n'), '        ')}    {{- end }}\n`,
      ],
      says: /^ConfigurationPolicy p in /,
    },
    {
      what: 'a Secret in base64 of base64',
      render: [
        `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  file: ${base64(base64(secret('seedgen', `stringData:\n  seedAuth: ${base64('robot:password')}\n`)))}\n`,
      ],
      says: /^ConfigMap c in /,
    },
    {
      what: 'a Secret in a text that is too large to be parsed',
      render: [
        `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  file: |\n    # ${'x'.repeat(1_100_000)}\n${indented(secret('seedgen', 'stringData:\n  seedAuth: a\n'), '    ')}`,
      ],
      says: /^ConfigMap c in /,
    },
    {
      what: 'the Secrets that such repositories hold',
      render: [
        secret('bmc', `data:\n  password: ${base64('p4ss')}\n  username: ${base64('a')}\n`),
        secret(
          'pull',
          `data:\n  .dockerconfigjson: ${base64('{"auths":{"quay.io":{"auth":"YTpwNHNz"}}}')}\ntype: kubernetes.io/dockerconfigjson\n`,
        ),
      ],
      says: null,
    },
    {
      what: 'longer names, and words about it',
      render: [
        secret('seedgen-notes'),
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: seedgen\ndata:\n  readme: the key is called seedAuth\n',
      ],
      says: null,
    },
    { what: 'the SealedSecret', render: [manifest()], says: null },
  ],
  'sealed-secret': [
    { what: 'the one that sower seal writes', render: [manifest()], says: null },
    {
      what: 'the same where sower.yaml expects it',
      files: { 'sower.yaml': sower() },
      render: [manifest()],
      says: null,
    },
    {
      what: 'another place than sower.yaml expects',
      files: { 'sower.yaml': sower('secret: {namespace: other}\n') },
      render: [manifest()],
      says: /^SealedSecret sower-seeds\/seedgen in .*: it is for sower-seeds\/seedgen, strict, but sower\.yaml expects other\/seedgen/,
    },
    {
      what: 'another namespace, as a kustomization gives it',
      render: [manifest().replace('  namespace: sower-seeds\n', '  namespace: moved\n')],
      says: /it is for moved\/seedgen, strict, but its template for sower-seeds\/seedgen/,
    },
    {
      what: 'base64 of something plain',
      render: [manifest({ sealed: base64('{"auths":{}}'.repeat(60)) })],
      says: /not a sealed value/,
    },
    {
      what: 'plain text in the template',
      render: [manifest().replace('    type: Opaque', '    data:\n      a: b\n    type: Opaque')],
      says: /`spec\.template\.data` is plain text/,
    },
    {
      what: 'another item beside it',
      render: [manifest().replace('    seedAuth:', '    other: AgA=\n    seedAuth:')],
      says: /it holds 2 items/,
    },
    {
      what: 'the notes of another value',
      render: [manifest().replace(/(encryptedData:\n {4}seedAuth: ).*/, `$1${sealedFor(strict)}`)],
      says: /its notes are those of another value/,
    },
    {
      what: 'a value that was sealed by hand, without notes',
      render: [manifest().replace(/ {2}annotations:\n(?: {4}.*\n)+/, '')],
      says: null,
    },
    {
      what: 'a credential that has expired, which is for the bot to say',
      render: [manifest({ expiresAt: '2020-01-01T00:00:00.000Z' })],
      says: null,
    },
    {
      what: 'the SealedSecret of somebody else, whatever is in it',
      render: [
        'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: a\nspec:\n  encryptedData:\n    a: b\n  template:\n    data:\n      c: d\n',
      ],
      says: 'not applicable',
    },
    {
      what: 'the configured one, whatever is in it',
      files: { 'sower.yaml': sower('secret: {namespace: n, name: push}\n') },
      render: [
        'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: push\n  namespace: n\nspec:\n  encryptedData:\n    a: b\n',
      ],
      says: /it does not hold seedAuth/,
    },
    { what: 'no SealedSecret', render: [secret('a')], says: 'not applicable' },
  ],
}
