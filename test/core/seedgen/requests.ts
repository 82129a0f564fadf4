import t from 'tap'
import { generatorsIn } from '../../../src/core/seedgen/generators-in.ts'
import { seedObjectsIn } from '../../../src/core/seedgen/seed-objects-in.ts'
import { readRequest, requestManifest } from '../../../src/core/seedgen/read-request.ts'
import { seedGeneratorManifest } from '../../../src/core/seedgen/seed-generator-manifest.ts'
import { memoryTree } from '../../support/memory-tree.ts'

const request = (cluster = 'sno1', image = 'quay.io/ibu/sno1:4.18.5'): string =>
  `apiVersion: sower.dev/v1alpha1\nkind: SeedRequest\ncluster: ${cluster}\nimage: ${image}\n`

t.test('reads a request', t => {
  t.strictSame(readRequest('seeds/sno1/request.yaml', request()), {
    cluster: 'sno1',
    image: 'quay.io/ibu/sno1:4.18.5',
  })
  t.end()
})

t.test('a request that Sower writes is read as it was meant', t => {
  const asked = { cluster: 'no', image: 'quay.io/ibu/no:4.18.5' }
  const text = requestManifest(asked)
  t.strictSame(readRequest('seeds/no/request.yaml', text), asked)
  t.match(text, /^cluster: "no"$/m)
  const adopting = { ...asked, adopt: true }
  t.strictSame(readRequest('seeds/no/request.yaml', requestManifest(adopting)), adopting)
  t.strictSame(readRequest('seeds/no/request.yaml', `${text}adopt: false\n`), asked)
  t.notMatch(requestManifest({ ...asked, adopt: false }), /adopt/)
  t.end()
})

t.test('refuses a request that cannot be trusted as a whole', t => {
  const path = 'seeds/sno1/request.yaml'
  const cases: readonly (readonly [string, string, string, RegExp])[] = [
    ['nothing', path, '', /reading seeds\/sno1\/request\.yaml: /],
    ['no YAML', path, 'a: "', /it is not one correct YAML document/],
    ['two documents', path, `${request()}---\n${request('sno2')}`, /not one correct YAML document/],
    ['two clusters', path, `${request()}cluster: sno2\n`, /it is not one correct YAML document/],
    ['another kind', path, request().replace('SeedRequest', 'SeedRun'), /: kind /],
    ['another field', path, `${request()}force: true\n`, /"force"/],
    ['a word for yes', path, `${request()}adopt: please\n`, /: adopt /],
    ['no image', path, request().replace(/^image.*\n/m, ''), /: image /],
    ['no cluster name', path, request('../x'), /: cluster is not a valid cluster name/],
    [
      'a cluster name of 64 characters',
      path,
      request('a'.repeat(64)),
      /cluster is not a valid cluster name/,
    ],
    ['several mistakes', path, 'cluster: 1\n', /apiVersion .*; kind .*; cluster .*; image /],
    [
      'the directory of another',
      'seeds/sno2/request.yaml',
      request(),
      /it asks for sno1, which is/,
    ],
    ['no directory', 'request.yaml', request(), /it asks for sno1, which is not the name/],
  ]
  for (const [what, at, text, message] of cases)
    t.throws(
      () => readRequest(at, text),
      { name: 'RefusedError', code: 'REQUEST_INVALID', message, fix: /cluster and image/ },
      what,
    )
  t.throws(() => readRequest(path, request('sno1', 'sno1:v1')), {
    name: 'RefusedError',
    code: 'IMAGE_INVALID',
  })
  t.end()
})

t.test('finds SeedGenerators whatever their files are called, and what may hold one', t => {
  const generator = seedGeneratorManifest({ cluster: 'sno1', image: 'quay.io/org/seed:4.18' })
  const tree = memoryTree({
    'seeds/sno1/seedgenerator.yaml': generator,
    'seeds/sno1/deep/notes.txt': `kind: List\nitems:\n- ${generator.trimEnd().replaceAll('\n', '\n  ')}\n`,
    'seeds/sno1/escaped.yaml': generator
      .replace('kind: SeedG', 'kind: "Seed\\x47')
      .replace('enerator\n', 'enerator"\n'),
    'seeds/sno1/continued.yaml': generator.replace('SeedGenerator', '"Seed\\\n  Generator"'),
    'seeds/sno1/base64.yaml': generator.replace('SeedGenerator', '!!bin%61ry U2VlZEdlbmVyYXRvcg=='),
    'seeds/sno1/numbered.yaml': generator.replace('name: seedimage', 'name: 5'),
    'seeds/sno1/hidden.yaml': 'kind: "Seed\\x47enerator"\nmetadata: "\n',
    'seeds/sno1/utf16.yaml': Buffer.from(`\uFEFF${generator}`, 'utf16le'),
    'seeds/sno1/words.md': 'A SeedGenerator is made by Sower.\n',
    'seeds/sno1/notes.yaml': 'text: "\\x47"\n',
    'seeds/sno1/broken.yaml': 'kind: SeedGenerator\nmetadata: "\n',
    'seeds/sno1/link': { link: '../sno2' },
    'seeds/sno1/kustomization.yaml': 'resources: [seedgenerator.yaml]\n',
    'seeds/sno1/other.yaml': generator.replace('lca.openshift.io', 'example.com'),
    'seeds/sno2/seedgenerator.yaml': generator,
  })
  t.strictSame([...generatorsIn(tree, 'seeds/sno1')].sort(), [
    ...['seeds/sno1/base64.yaml', 'seeds/sno1/broken.yaml', 'seeds/sno1/continued.yaml'],
    'seeds/sno1/deep/notes.txt',
    ...['seeds/sno1/escaped.yaml', 'seeds/sno1/hidden.yaml', 'seeds/sno1/link'],
    ...['seeds/sno1/numbered.yaml', 'seeds/sno1/seedgenerator.yaml', 'seeds/sno1/utf16.yaml'],
  ])
  t.strictSame(generatorsIn(tree, 'seeds/sno3'), [])
  t.strictSame(generatorsIn(tree, 'seeds/sno2/seedgenerator.yaml'), [], 'a file is no folder')
  t.end()
})

t.test('finds what no pull request of a run may bring, in lists and templates too', t => {
  const generator = seedGeneratorManifest({ cluster: 'sno1', image: 'quay.io/org/seed:4.18' })
  const secret = (kind: string, name: string, more = ''): string =>
    `apiVersion: v1\nkind: ${kind}\nmetadata: { name: ${name} }\n${more}`
  const template = 'spec: { template: { metadata: { name: seedgen } } }\n'
  const listed = `kind: List\napiVersion: v1\nitems:\n- ${generator.trimEnd().replaceAll('\n', '\n  ')}\n`
  const cases = [
    [generator, ['SeedGenerator']],
    [listed, ['SeedGenerator']],
    [`${generator}---\n${secret('Secret', 'seedgen')}`, ['SeedGenerator', 'Secret seedgen']],
    [generator.replace('lca.openshift.io', 'example.com'), []],
    [secret('SealedSecret', 'seedgen'), ['SealedSecret seedgen']],
    [secret('SealedSecret', 'push'), ['SealedSecret push']],
    [secret('SealedSecret', 'other', template), ['SealedSecret seedgen']],
    [secret('Secret', 'bmc'), []],
    [secret('ConfigMap', 'seedgen'), []],
    ['a: "\n', []],
    ['', []],
  ] as const
  for (const [text, found] of cases)
    t.strictSame(seedObjectsIn(text, ['seedgen', 'push']), found, text)
  t.end()
})
